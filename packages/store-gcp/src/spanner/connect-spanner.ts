import type { v1 } from '@google-cloud/spanner';
import {
  checkTablePrefix,
  formatSpannerPath,
  parseHost,
  parseSpannerPath,
  type SpannerPlace,
} from '../place/spanner-path.ts';
import { emulatorPeculiarities, NO_PECULIARITIES } from './emulator.ts';
import { SpannerConnection, type SpannerWorld } from './spanner-connection.ts';

type Options = NonNullable<ConstructorParameters<typeof v1.SpannerClient>[0]>;

const EMULATOR_PORT = 9010;

/**
 * Connects to the database at `place`. Nothing is sent before the first call, so that a database that does not exist is
 * found out by `readSchema`. One connection serves a process: calls of all stores share its channel and its session.
 * @throws GcpError 'bad-place'
 */
export async function connectSpanner(place: SpannerPlace, world: SpannerWorld): Promise<SpannerConnection> {
  checkTablePrefix(place.tablePrefix);
  parseSpannerPath(formatSpannerPath(place));
  const options = await clientOptions(place);
  const sdk = await import('@google-cloud/spanner');
  const client = new sdk.v1.SpannerClient(options);
  const own = place.emulator === undefined ? NO_PECULIARITIES : emulatorPeculiarities();
  return new SpannerConnection(client, place, world, own);
}

/** How clients of the SDK reach the service that `place` names. */
export async function clientOptions(place: SpannerPlace): Promise<Options> {
  const common: Options = {
    projectId: place.project,
    fallback: false,
    // As the SDK's own pool does: a connection that died without a word is noticed.
    'grpc.keepalive_time_ms': 120_000,
  };
  if (place.emulator !== undefined) {
    const { host, port = EMULATOR_PORT } = parseHost(place.emulator);
    const { credentials } = await import('@grpc/grpc-js');
    // The domain is named so that the SDK does not ask the metadata server of a cloud machine for it.
    const clientOptions = { universe_domain: 'googleapis.com' };
    return { ...common, servicePath: host, port, sslCreds: credentials.createInsecure(), clientOptions };
  }
  if (place.endpoint === undefined) return common;
  const { host, port } = parseHost(place.endpoint);
  return { ...common, apiEndpoint: host, ...(port !== undefined && { port }) };
}
