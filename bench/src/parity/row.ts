import type { RawRequest } from './exchange/raw-http.ts';

/** One request of the parity table. Both servers get the same bytes. */
export type Row = HttpRow | GrpcRow | FramesRow;

interface RowBase {
  /** `group/what`, unique; docs/parity.md refers to rows by it. */
  readonly name: string;
  /** The answer quotes the JSON parser: its text is not compared. */
  readonly parserText?: boolean;
  /** Milliseconds to let the reference forget a cancelled request before the next row. */
  readonly settleMs?: number;
}

/** Bytes over a fresh TCP connection to the HTTP port. */
export interface HttpRow extends RowBase {
  readonly kind: 'http';
  readonly request: RawRequest;
}

/** A unary call by grpc-js, the message passed as bytes. */
export interface GrpcRow extends RowBase {
  readonly kind: 'grpc';
  /** `/package.Service/Method`. */
  readonly method: string;
  readonly message: Uint8Array;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A gRPC exchange below any client: headers and DATA bytes over HTTP/2. */
export interface FramesRow extends RowBase {
  readonly kind: 'frames';
  readonly method: string;
  readonly data: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One server's answer, reduced to what is compared. Field names: `status`, `header:x`, `body`, `body.details`, ... */
export type Answer = Readonly<Record<string, string>>;
