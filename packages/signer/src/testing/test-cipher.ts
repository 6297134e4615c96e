import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { concatBytes } from '@tilewright/core/bytes';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A symmetric key of a service: AES-256-GCM, the nonce first, the tag last. */
export class TestCipher {
  readonly #key = randomBytes(32);

  seal(plaintext: Uint8Array, associatedData: Uint8Array): Uint8Array {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(associatedData);
    return concatBytes(nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag());
  }

  /** The plaintext; `undefined` when the ciphertext is of another key, or was changed. */
  open(ciphertext: Uint8Array, associatedData: Uint8Array): Uint8Array | undefined {
    if (ciphertext.length < NONCE_BYTES + TAG_BYTES) return undefined;
    const nonce = ciphertext.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', this.#key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(associatedData).setAuthTag(ciphertext.subarray(-TAG_BYTES));
    try {
      return concatBytes(decipher.update(ciphertext.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final());
    } catch {
      return undefined;
    }
  }
}
