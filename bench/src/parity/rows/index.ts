import { httpRequest } from '../exchange/http-request.ts';
import type { Row } from '../row.ts';
import { acceptedEntries } from './accepted-entries.ts';
import { type EntrySpec, specJson, specMessage } from './entry-spec.ts';
import { grpcCalls, grpcFrames } from './grpc-rows.ts';
import { httpFraming } from './http-framing.ts';
import { httpNewPaths, httpRouting } from './http-routing.ts';
import { jsonBodies } from './json-bodies.ts';
import { refusedEntries } from './refused-entries.ts';
import { entryAtLimit } from './sized-entry.ts';

const CREATE = '/dev.sigstore.rekor.v2.Rekor/CreateEntry';

/** The whole table, in the order in which both servers get it. */
export function allRows(): Row[] {
  return [
    ...httpRouting(),
    ...httpNewPaths(),
    ...Object.entries(acceptedEntries()).flatMap(([name, spec]) => bothTransports(`accepted/${name}`, spec)),
    ...bothTransports('accepted/entry-of-almost-65535-bytes', entryAtLimit(false)),
    ...Object.entries(refusedEntries()).flatMap(([name, spec]) => bothTransports(`refused/${name}`, spec)),
    ...bothTransports('refused/entry-over-65535-bytes', entryAtLimit(true)),
    ...jsonBodies(),
    ...httpFraming(),
    ...grpcCalls(),
    ...grpcFrames(),
  ];
}

/** One request over HTTP, then over gRPC: the second of an accepted pair is a duplicate. */
export function bothTransports(name: string, spec: EntrySpec): Row[] {
  return [
    { kind: 'http', name: `http-${name}`, request: httpRequest({ body: specJson(spec) }) },
    { kind: 'grpc', name: `grpc-${name}`, method: CREATE, message: specMessage(spec) },
  ];
}
