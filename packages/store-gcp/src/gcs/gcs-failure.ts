/** A request to Cloud Storage that had no usable answer, before it is known whether it is tried again. */
export class GcsFailure extends Error {
  override readonly name = 'GcsFailure';
  /** Of the HTTP answer, where there was one. */
  readonly status: number | undefined;
  /** It may pass: the same request may succeed later. It may have taken effect, too. */
  readonly isTransient: boolean;

  constructor(message: string, detail: { status?: number; isTransient: boolean; cause?: unknown }) {
    super(message, 'cause' in detail ? { cause: detail.cause } : undefined);
    this.status = detail.status;
    this.isTransient = detail.isTransient;
  }
}

/** Busy, out of order, or (409) at odds with a request under way; and 401: credentials are renewed meanwhile. */
const PASSING = new Set([401, 408, 409, 429]);
/** A peer that is not who it should be does not become so by asking again. */
const WRONG_PEER = /^(?:CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

/** Between here and a service, as opposed to a file that is missing. */
const NETWORK = /^(?:ECONN|EPIPE$|ETIMEDOUT$|EAI_|ENOTFOUND$|EHOST|ENET|ESOCKET|UND_ERR_|ERR_STREAM_)/;

/** What an answer means that is none of those that the request expects. `said` is its body. */
export function failureOfStatus(status: number, said: Uint8Array): GcsFailure {
  const text = new TextDecoder().decode(said.subarray(0, 2_000));
  const isOverRate = status === 403 && /rateLimitExceeded/i.test(text);
  // The checksum that the request declares is not that of the bytes that arrived.
  const isDamaged = status === 400 && /(?:md5|hash|crc32c)/i.test(text);
  const isTransient = status >= 500 || PASSING.has(status) || isOverRate || isDamaged;
  return new GcsFailure(`the answer was ${status}: ${reasonIn(text)}`, { status, isTransient });
}

/** What it means that there was no answer. */
export function failureOfConnection(cause: unknown): GcsFailure {
  const code = codeOf(cause) ?? '';
  const why = cause instanceof Error && cause.message !== '' ? cause.message : code || 'unknown error';
  return new GcsFailure(short(why), { isTransient: !WRONG_PEER.test(code), cause });
}

/** What it means that no credentials could be had: a service that hands them out may be down for a while. */
export function failureOfCredentials(cause: unknown): GcsFailure {
  const status = statusOf(cause);
  const isDown = status === undefined && NETWORK.test(codeOf(cause) ?? '');
  const isTransient = isDown || status === 429 || (status ?? 0) >= 500;
  const why = cause instanceof Error ? cause.message : 'unknown error';
  return new GcsFailure(`no credentials could be had: ${short(why)}`, { isTransient, cause });
}

/** What it means that a call of Google's client library failed. */
export function failureOfLibrary(cause: unknown): GcsFailure {
  const status = statusOf(cause);
  if (status === undefined) return failureOfConnection(cause);
  const why = cause instanceof Error ? cause.message : '';
  return failureOfStatus(status, new TextEncoder().encode(why));
}

/** The name of a failure of the network, as Node gives it, wherever in the chain of causes it stands. */
function codeOf(error: unknown): string | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth++) {
    const { code } = at as { readonly code?: unknown };
    if (typeof code === 'string' && !/^\d+$/.test(code)) return code;
  }
  return undefined;
}

function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const { status, code } = error as { readonly status?: unknown; readonly code?: unknown };
  const found = [status, code].map(Number).find((value) => Number.isInteger(value) && value >= 100 && value <= 599);
  return found;
}

function reasonIn(text: string): string {
  const message = /"message"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(text)?.[1];
  return short(message ?? text);
}

function short(text: string): string {
  const line = text.replaceAll(/[^\x20-\x7e]+/g, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 200)}...` : line;
}
