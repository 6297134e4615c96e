/** A field of something that was thrown. */
export function fieldOf(cause: unknown, name: string): unknown {
  return typeof cause === 'object' && cause !== null ? (cause as Readonly<Record<string, unknown>>)[name] : undefined;
}

/** What was thrown, in words. */
export function messageOf(cause: unknown): string {
  const message = fieldOf(cause, 'message');
  return typeof message === 'string' && message !== '' ? message : String(cause);
}

/** Codes of Node for connections that cannot be made or that break. */
const NETWORK_CODES: ReadonlySet<unknown> = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

/** Whether an error, or one it was made from, is of the network. */
export function isNetworkError(cause: unknown): boolean {
  for (let error = cause, depth = 0; depth < 4; error = fieldOf(error, 'cause'), depth++) {
    if (NETWORK_CODES.has(fieldOf(error, 'code'))) return true;
  }
  return false;
}
