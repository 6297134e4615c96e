import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { makeCertificate } from './certificate.ts';

/** The parts of one hashedrekord 0.0.2 request, as bytes. */
export interface EntryParts {
  /** SHA-256 of the signed message, 32 bytes. */
  readonly digest: Uint8Array;
  /** ECDSA P-256 signature, DER. */
  readonly signature: Uint8Array;
  readonly verifier: { readonly publicKey: Uint8Array } | { readonly x509Certificate: Uint8Array };
}

/** Makes requests, each with a P-256 key of its own and a random message. */
export class EntryMaker {
  readonly #issuerKey: KeyObject;
  readonly #notBefore: Date;

  constructor(now: Date) {
    this.#issuerKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    this.#notBefore = now;
  }

  /** One request; with `certificate`, the key comes in an X.509 certificate, `padding` bytes larger than needed. */
  make(certificate: boolean, padding?: number): EntryParts {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const message = randomBytes(32);
    const spki = publicKey.export({ type: 'spki', format: 'der' });
    const subject = { spki, email: 'someone@example.com', ...(padding === undefined ? {} : { padding }) };
    return {
      digest: createHash('sha256').update(message).digest(),
      signature: sign('sha256', message, privateKey),
      verifier: certificate
        ? { x509Certificate: makeCertificate(subject, this.#issuerKey, this.#notBefore) }
        : { publicKey: spki },
    };
  }
}

/** The HTTP body of a request (protojson of CreateEntryRequest). */
export function entryJson(parts: EntryParts, keyDetails: string | number = 'PKIX_ECDSA_P256_SHA_256'): string {
  const raw = (bytes: Uint8Array) => ({ rawBytes: Buffer.from(bytes).toString('base64') });
  const verifier =
    'publicKey' in parts.verifier
      ? { publicKey: raw(parts.verifier.publicKey) }
      : { x509Certificate: raw(parts.verifier.x509Certificate) };
  return JSON.stringify({
    hashedRekordRequestV002: {
      digest: Buffer.from(parts.digest).toString('base64'),
      signature: {
        content: Buffer.from(parts.signature).toString('base64'),
        verifier: { ...verifier, keyDetails },
      },
    },
  });
}
