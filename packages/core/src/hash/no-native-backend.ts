import type { Sha256Backend } from './sha256-backend.ts';

/** No SHA-256 of the platform's: its only one in browsers is asynchronous, and slower than what is here. */
export function createNativeBackend(_batch: () => Sha256Backend): Sha256Backend | undefined {
  return undefined;
}
