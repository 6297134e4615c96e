/**
 * JSON of a value with everything beyond ASCII escaped: such a body is written as Latin-1 and its length is its number of
 * bytes.
 */
export function asciiJson(value: string | object): string {
  return JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
