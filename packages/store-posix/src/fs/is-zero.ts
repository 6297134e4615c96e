/** Whether all bytes are zero. */
export function isZero(bytes: Uint8Array): boolean {
  // One comparison in native code: segments are mostly empty when a log opens.
  return bytes.length === 0 || (bytes[0] === 0 && Buffer.compare(bytes.subarray(1), bytes.subarray(0, -1)) === 0);
}
