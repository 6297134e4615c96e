/** A key that encrypts keysets: Tink's Aead, kept in a file or by a key management service. */
export interface KeyEncryptionKey {
  /** Where the key is; no secret. */
  readonly uri: string;
  /** @throws SignerError `kms-unavailable`, `kms-refused`, `kms-bad-answer` */
  encrypt(plaintext: Uint8Array, associatedData: Uint8Array): Promise<Uint8Array>;
  /** @throws SignerError `kek-mismatch` when another key encrypted it or it was changed; `kms-unavailable`, `kms-refused`, `kms-bad-answer` */
  decrypt(ciphertext: Uint8Array, associatedData: Uint8Array): Promise<Uint8Array>;
  /** Lets go of connections. */
  close?(): Promise<void>;
}
