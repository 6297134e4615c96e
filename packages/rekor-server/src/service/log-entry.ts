import type { Hash } from '@tilewright/core/bytes';
import type { Publication } from '@tilewright/log';

/** An entry of the log with everything that proves it: what both transports encode as a `TransparencyLogEntry`. */
export interface LogEntry {
  readonly index: number;
  readonly kind: 'hashedrekord' | 'dsse';
  /** Version of the entry kind, `0.0.2`. */
  readonly version: string;
  /** The canonical leaf bytes. */
  readonly body: Uint8Array;
  /** The checkpoint that `proof` leads to. */
  readonly publication: Publication;
  /** Leaf to root, 32 bytes each (RFC 6962, 2.1.1). */
  readonly proof: readonly Hash[];
}
