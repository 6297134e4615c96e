/**
 * Position of the first byte of binary metadata that is no base64, or nothing. As in grpc-go, padding is expected when the
 * length is a multiple of four, and must be absent otherwise.
 */
export function base64FaultAt(value: string): number | undefined {
  const body = value.length % 4 === 0 ? value.replace(/={1,2}$/, '') : value;
  const at = body.search(/[^A-Za-z0-9+/]/);
  if (at >= 0) return at;
  return body.length % 4 === 1 ? body.length - 1 : undefined;
}
