import { generateKeyPairSync } from 'node:crypto';

/** Makes a new Ed25519 private key: PKCS#8 PEM (`PRIVATE KEY`), with a final newline. */
export function generateEd25519KeyPem(): string {
  return generateKeyPairSync('ed25519', {
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).privateKey;
}

/** Makes a new ML-DSA-44 private key: PKCS#8 PEM (`PRIVATE KEY`) with the seed in it, with a final newline. */
export function generateMlDsa44KeyPem(): string {
  return generateKeyPairSync('ml-dsa-44', {
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).privateKey;
}
