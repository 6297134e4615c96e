/** What a witness answered. */
export interface WitnessReply {
  readonly status: number;
  /** Without parameters, in lower case; empty when there is none. */
  readonly contentType: string;
  /** At most {@link MAX_REPLY_SIZE} bytes: a longer answer is an error of the transport. */
  readonly body: Uint8Array;
}

/** Bytes of an answer that are read at most: cosignatures of a witness with several keys, or a checkpoint. */
export const MAX_REPLY_SIZE: number = 64 * 1024;

/** How requests get to witnesses. It rejects when there is no answer, an endless one, or `signal` fires. */
export interface WitnessTransport {
  post(url: string, body: Uint8Array, signal: AbortSignal): Promise<WitnessReply>;
  get(url: string, signal: AbortSignal): Promise<WitnessReply>;
}
