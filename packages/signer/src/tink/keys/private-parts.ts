import { SignerError } from '../../signer-error.ts';

/** What a private key of a keyset holds, before anything was compared. */
export interface PrivateParts {
  /** In words, for example `ECDSA P-256`. */
  readonly type: string;
  /** PKCS#8 in DER with the private value alone, so that the public half is derived and not believed. Secret. */
  readonly pkcs8: Uint8Array<ArrayBuffer>;
  /** The end of the SubjectPublicKeyInfo of what the keyset says is the public key. */
  readonly publicValue: Uint8Array;
}

/** Keys of later versions may mean something else. @throws SignerError `keyset-unknown-type` */
export function requireVersion(version: number, what: string): void {
  if (version === 0) return;
  throw new SignerError('keyset-unknown-type', `${what} has version ${version}; only version 0 is known`);
}
