/** What `npm run load` tells a script. */
export interface Settings {
  /** Where the log is, without a slash at its end. */
  readonly url: string;
  /** Host and port of its gRPC service. */
  readonly grpc: string;
  /** Addresses of host names, as they were found before the run: k6 asks no name server. */
  readonly hosts: Readonly<Record<string, string>>;
  /** File of request bodies, one a line; absolute. */
  readonly requests: string;
  /** File of what is refused: JSON of `BadRequest`s. */
  readonly refused: string;
  /** File of what to read: JSON of `ReadPath`s. */
  readonly paths: string;
  /** Folder of the .proto files. */
  readonly protos: string;
  /** Where the summary goes. */
  readonly summary: string;
  readonly seconds: number;
  /** Iterations a second, for scenarios with a rate: of a spike, at its top. */
  readonly rate: number;
  /** Virtual users: how many there are, or may be where they come with the rate. */
  readonly vus: number;
  /** Iterations at most. */
  readonly count: number;
  readonly limits: Limits;
}

/** Bounds that break the run. */
export interface Limits {
  /** Milliseconds. */
  readonly p95: number;
  /** Milliseconds. */
  readonly p99: number;
  /** Share of answers, 0 to 1, that may be other than they should. */
  readonly failed: number;
}

/** A request that no log takes. */
export interface BadRequest {
  readonly name: string;
  /** Base64. */
  readonly body: string;
  /** The HTTP status that it has to be answered with. */
  readonly status: number;
}

/** A file of the log. */
export interface ReadPath {
  readonly kind: 'checkpoint' | 'tile' | 'bundle' | 'partial';
  readonly path: string;
  /** The full tile that may have taken the place of a partial one. */
  readonly full?: string;
}

/** Name of the environment variable that holds the settings as JSON. */
export const SETTINGS_VARIABLE = 'TILEWRIGHT_LOAD';
