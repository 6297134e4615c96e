/** Time of day, in milliseconds since 1970, as ISO 8601 in UTC: for people who read the files. */
export function isoTime(wallMs: number): string {
  // biome-ignore lint/style/noRestrictedGlobals: formats an instant that was passed in, and reads no clock.
  return new Date(wallMs).toISOString();
}
