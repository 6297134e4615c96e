/** The payload type of every envelope among the fixtures. */
export const DSSE_TYPE = 'application/vnd.in-toto+json';
