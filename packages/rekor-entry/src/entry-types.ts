import type { Hash } from '@tilewright/core/bytes';
import type { EntryErrorCode } from './entry-error.ts';

/** A request as a transport received it. */
export type EntryRequest =
  /** A whole HTTP body: the ProtoJSON of a CreateEntryRequest. */
  | { readonly kind: 'json'; readonly body: Uint8Array }
  /** A gRPC message: the wire bytes of a CreateEntryRequest. */
  | { readonly kind: 'proto'; readonly body: Uint8Array };

/** What a log accepts. */
export interface EntryRules {
  /** Flag names of algorithms, checked by `checkAlgorithmFlags`; usually `PERMITTED_ALGORITHMS`. */
  readonly algorithms: readonly string[];
  /** Whether dsse 0.0.2 entries are taken beside hashedrekord 0.0.2. */
  readonly acceptDsse: boolean;
}

/** An entry that may go into the log. */
export interface PreparedEntry {
  readonly ok: true;
  readonly kind: 'hashedrekord' | 'dsse';
  readonly version: '0.0.2';
  /** The canonical leaf bytes. They can be longer than the 65,535 bytes that an entry bundle can hold. */
  readonly body: Uint8Array<ArrayBuffer>;
  /** SHA-256 of `00 ‖ body` (RFC 6962, 2.1). */
  readonly leafHash: Hash;
}

/** An entry that may not. */
export interface RefusedEntry {
  readonly ok: false;
  /** 3 INVALID_ARGUMENT, or 13 INTERNAL for wire bytes that are no message, as a gRPC server answers them. */
  readonly grpcCode: 3 | 13;
  /** What the client sees; only for malformed requests does it say what is wrong. */
  readonly message: string;
  /** What is wrong: for the log file and for `google.rpc.ErrorInfo`. */
  readonly detail: string;
  /** The same for programs. */
  readonly code: EntryErrorCode;
}
