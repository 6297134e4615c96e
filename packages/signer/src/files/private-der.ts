import { createPrivateKey, type KeyObject } from 'node:crypto';
import { SignerError } from '../signer-error.ts';

/** Forms of unencrypted private keys, by the label of their PEM block. */
const FORMS = {
  'PRIVATE KEY': { type: 'pkcs8', called: 'PKCS#8' },
  'EC PRIVATE KEY': { type: 'sec1', called: 'SEC1' },
  'RSA PRIVATE KEY': { type: 'pkcs1', called: 'PKCS#1' },
} as const;

/** Label of a PEM block that holds an unencrypted private key. */
export type PrivateLabel = keyof typeof FORMS;

/** Whether blocks with this label hold private keys, and only those. */
export function isPrivateLabel(label: string): label is PrivateLabel {
  return Object.hasOwn(FORMS, label);
}

/**
 * The private key in DER: PKCS#8 (RFC 5958), SEC1 (RFC 5915) or PKCS#1 (RFC 8017).
 * @param der one SEQUENCE
 * @throws SignerError `malformed`
 */
export function readPrivateDer(label: PrivateLabel, der: Uint8Array): KeyObject {
  const { type, called } = FORMS[label];
  try {
    // A view: no second copy of the secret stays behind.
    return createPrivateKey({ key: Buffer.from(der.buffer, der.byteOffset, der.byteLength), format: 'der', type });
  } catch (cause) {
    throw new SignerError('malformed', `the PEM block "${label}" is not a ${called} key that OpenSSL can read`, {
      cause,
    });
  }
}
