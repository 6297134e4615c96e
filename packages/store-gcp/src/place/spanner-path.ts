import { GcpError } from '../gcp-error.ts';

/** Where a log's tables are. */
export interface SpannerPlace {
  readonly project: string;
  readonly instance: string;
  readonly database: string;
  /** Before the name of each table: '' or what {@link checkTablePrefix} lets pass. Several logs share a database so. */
  readonly tablePrefix: string;
  /** host:port of an emulator: plaintext, no credentials. */
  readonly emulator?: string | undefined;
  /** host or host:port of a private endpoint; 443 unless it says otherwise. */
  readonly endpoint?: string | undefined;
}

const PATH =
  /^projects\/([a-z][a-z0-9:.-]{0,62})\/instances\/([a-z][a-z0-9-]{0,63})\/databases\/([a-z][a-z0-9_-]{0,29})$/;
const PREFIX = /^(?:[A-Za-z][A-Za-z0-9_]{0,63})?$/;
const HOST = /^(?:([a-zA-Z0-9._-]{1,253})|\[([0-9a-fA-F:]{2,45})\])(?::(\d{1,5}))?$/;

/** The parts of `projects/P/instances/I/databases/D`. @throws GcpError 'bad-place' */
export function parseSpannerPath(path: string): Pick<SpannerPlace, 'project' | 'instance' | 'database'> {
  const [, project, instance, database] = PATH.exec(path) ?? [];
  if (project === undefined || instance === undefined || database === undefined) {
    throw new GcpError('bad-place', 'a Spanner database is named projects/P/instances/I/databases/D');
  }
  return { project, instance, database };
}

/** The name that {@link parseSpannerPath} reads. */
export function formatSpannerPath(place: Pick<SpannerPlace, 'project' | 'instance' | 'database'>): string {
  return `projects/${place.project}/instances/${place.instance}/databases/${place.database}`;
}

/** `prefix`, which becomes a part of statements. @throws GcpError 'bad-place' */
export function checkTablePrefix(prefix: string): string {
  if (PREFIX.test(prefix)) return prefix;
  throw new GcpError('bad-place', 'a table prefix is a letter, then up to 63 letters, digits and underscores');
}

/** The parts of `host` or `host:port`. @throws GcpError 'bad-place' */
export function parseHost(text: string): { readonly host: string; readonly port: number | undefined } {
  const [, name, address, digits] = HOST.exec(text) ?? [];
  const host = name ?? address;
  const port = digits === undefined ? undefined : Number(digits);
  if (host === undefined || port === 0 || (port ?? 0) > 65_535) {
    throw new GcpError('bad-place', 'an endpoint of Spanner is host or host:port, without https://');
  }
  return { host, port };
}
