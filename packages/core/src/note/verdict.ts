import { CoreError } from '../core-error.ts';

/** The answer of a check in which a `CoreError`, bad input, means no. Other errors are thrown on. */
export function verdict(check: () => boolean): boolean {
  try {
    return check();
  } catch (error) {
    if (error instanceof CoreError) return false;
    throw error;
  }
}
