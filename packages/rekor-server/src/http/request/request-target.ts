/** Why a request target names no path. */
export type BadTarget = 'no-path' | 'malformed';

const ABSOLUTE = /^https?:\/\/[^/?#]*/i;

/**
 * The path of a request target, percent-decoded as a whole before any matching, as grpc-gateway does: `%2F` is a slash.
 * The query is dropped. 'no-path' for `*` and an absolute URL without a path, 'malformed' for a broken escape.
 */
export function pathOf(target: string): { readonly path: string } | { readonly bad: BadTarget } {
  const local = target.startsWith('/') ? target : target.replace(ABSOLUTE, '');
  if (!local.startsWith('/')) return { bad: 'no-path' };
  const query = local.indexOf('?');
  const raw = query < 0 ? local : local.slice(0, query);
  if (!raw.includes('%')) return { path: raw };
  if (/%(?![0-9a-f]{2})/i.test(raw)) return { bad: 'malformed' };
  try {
    return { path: decodeURIComponent(raw) };
  } catch {
    // Well-formed escapes of bytes that are no UTF-8: no path of ours has them, and the raw form matches none either.
    return { path: raw };
  }
}
