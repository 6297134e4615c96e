import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import type { EcdsaCurve } from '@tilewright/rekor-entry';
import { CURVE_SIZES, type EcdsaBackend, hasCurveShape } from './ecdsa-backend.ts';

/** Opaque address of something that OpenSSL allocated. */
type Handle = object | bigint | null;

/** OpenSSL's own curve numbers (obj_mac.h): prime256v1, secp384r1, secp521r1. */
const CURVE_NIDS: Readonly<Record<EcdsaCurve, number>> = { 'P-256': 415, 'P-384': 715, 'P-521': 716 };

const SELF_TEST_HASHES = { 'P-256': 'sha256', 'P-384': 'sha384', 'P-521': 'sha512' } as const;

interface OpenSslFunctions {
  newKey(nid: number): Handle;
  setPoint(key: Handle, point: Uint8Array, length: number, context: null): number;
  verify(type: number, digest: Uint8Array, digestLength: number, sig: Uint8Array, length: number, key: Handle): number;
  clearErrors(): void;
}

/** The symbols that the running Node executable exports. Synchronous calls only: koffi's asynchronous ones misread buffers. */
async function bind(): Promise<OpenSslFunctions> {
  const { default: koffi } = await import('koffi');
  const library = koffi.load(null);
  return {
    newKey: library.func('EC_KEY_new_by_curve_name', 'void *', ['int']),
    setPoint: library.func('EC_KEY_oct2key', 'int', ['void *', 'const uint8_t *', 'size_t', 'void *']),
    verify: library.func('ECDSA_verify', 'int', ['int', 'const uint8_t *', 'int', 'const uint8_t *', 'int', 'void *']),
    clearErrors: library.func('ERR_clear_error', 'void', []),
  };
}

/** Signs with node:crypto and asks `verify` about the signature, then about a digest with one bit flipped. */
function selfTest(curve: EcdsaCurve, verify: EcdsaBackend['verify']): void {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: curve });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const point = spki.subarray(spki.length - (1 + 2 * CURVE_SIZES[curve].number));
  const message = Buffer.from(`self-test ${curve}`);
  const hash = SELF_TEST_HASHES[curve];
  const signature = sign(hash, message, privateKey);
  const digest = createHash(hash).update(message).digest();
  const other = Buffer.from(digest);
  other[0] = digest.readUInt8(0) ^ 1;
  if (!verify(curve, point, digest, signature) || verify(curve, point, other, signature)) {
    throw new Error(`OpenSSL through koffi gives wrong answers for ${curve}`);
  }
}

/**
 * ECDSA over a given digest by the OpenSSL inside the running Node executable: about 72 us for P-256.
 * One key object a curve is made here and reused for every call, so nothing is allocated or freed per signature; it
 * belongs to the calling thread. Throws when koffi does not load, a symbol is missing, or the self-test fails.
 */
export async function loadOpenSslEcdsa(): Promise<EcdsaBackend> {
  const openssl = await bind();
  const key = (curve: EcdsaCurve): Handle => {
    const handle = openssl.newKey(CURVE_NIDS[curve]);
    if (handle === null) throw new Error(`OpenSSL of this Node has no curve ${curve}`);
    return handle;
  };
  const keys: Readonly<Record<EcdsaCurve, Handle>> = {
    'P-256': key('P-256'),
    'P-384': key('P-384'),
    'P-521': key('P-521'),
  };

  function verify(curve: EcdsaCurve, point: Uint8Array, digest: Uint8Array, signature: Uint8Array): boolean {
    if (!hasCurveShape(curve, point, digest)) return false;
    const handle = keys[curve];
    const isValid =
      // Sets the public key; fails for a point that is not on the curve.
      openssl.setPoint(handle, point, point.length, null) === 1 &&
      // Refuses what is not strict DER.
      openssl.verify(0, digest, digest.length, signature, signature.length, handle) === 1;
    if (isValid) return true;
    // The thread's error queue would otherwise surface in a later, unrelated node:crypto call.
    openssl.clearErrors();
    return false;
  }

  for (const curve of Object.keys(keys) as EcdsaCurve[]) selfTest(curve, verify);
  return { name: 'openssl', verify };
}
