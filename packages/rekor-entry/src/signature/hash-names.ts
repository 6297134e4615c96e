import type { HashAlgorithm } from '@tilewright/rekor-proto';
import type { HashName } from './verify-signature.ts';

/** A digest algorithm: its length, and its name in the leaf. */
export interface HashDetails {
  /** Bytes. */
  readonly size: number;
  readonly leafName: keyof typeof HashAlgorithm;
}

/** FIPS 180-4. */
export const HASHES: Readonly<Record<HashName, HashDetails>> = {
  'SHA-256': { size: 32, leafName: 'SHA2_256' },
  'SHA-384': { size: 48, leafName: 'SHA2_384' },
  'SHA-512': { size: 64, leafName: 'SHA2_512' },
};
