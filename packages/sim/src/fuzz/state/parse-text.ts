/** What bytes are as JSON text. A byte order mark makes them none. */
export function parseText(bytes: Uint8Array): { readonly value: unknown } | 'not UTF-8' | 'not JSON' {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return 'not UTF-8';
  }
  try {
    return { value: JSON.parse(text) };
  } catch {
    return 'not JSON';
  }
}
