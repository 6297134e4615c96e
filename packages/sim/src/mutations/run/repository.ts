/** The repository's directory; ends in a slash. */
export const REPOSITORY: URL = new URL('../../../../../', import.meta.url);
