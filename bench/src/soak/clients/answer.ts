/** An answer of the log over either transport, as far as it is judged. */
export interface WriteAnswer {
  readonly transport: 'http' | 'grpc';
  /** HTTP status, or gRPC status code. */
  readonly status: number;
  /** What an error says. */
  readonly message: string | undefined;
  /** Index of the entry: of a new one, or of the one that was there. */
  readonly index: number | undefined;
  /** The leaf of a new entry, and over HTTP of one that was there. */
  readonly body: Uint8Array | undefined;
  /** That the leaf is in the log, where the answer holds the entry. */
  readonly proof?: AnswerProof | undefined;
}

/** The inclusion proof of an answer, not verified. */
export interface AnswerProof {
  /** From the leaf to the root. */
  readonly hashes: readonly Uint8Array[];
  readonly treeSize: number;
  readonly rootHash: Uint8Array;
  /** The signed note. */
  readonly checkpoint: Uint8Array;
}

/** Whether the answer says that a new entry was made. */
export function isCreated({ transport, status }: WriteAnswer): boolean {
  return status === (transport === 'http' ? 201 : 0);
}

/** Whether the answer says that the log holds the entry already. */
export function isDuplicate({ transport, status }: WriteAnswer): boolean {
  return status === (transport === 'http' ? 409 : 6);
}

/** Whether the answer says that the time of the request ran out. */
export function isLate({ transport, status }: WriteAnswer): boolean {
  return status === (transport === 'http' ? 504 : 4);
}

/** For messages: `http 400 invalid hashedrekord request`. */
export function describe({ transport, status, message }: WriteAnswer): string {
  return `${transport} ${status}${message === undefined ? '' : ` ${message}`}`;
}
