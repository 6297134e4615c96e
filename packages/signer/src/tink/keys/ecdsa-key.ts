import { createECDH } from 'node:crypto';
import { compareBytes, concatBytes, decodeHex } from '@tilewright/core/bytes';
import { SignerError } from '../../signer-error.ts';
import type { KeyData } from '../keyset-model.ts';
import { WireMessage } from '../wire-message.ts';
import { bytesField, uint32Field } from '../wire-writer.ts';
import { type PrivateParts, requireVersion } from './private-parts.ts';

const TYPE_URL = 'type.googleapis.com/google.crypto.tink.EcdsaPrivateKey';

/** Numbers of common.proto's HashType. */
const SHA384 = 2;
const SHA256 = 3;
const SHA512 = 4;
/** Numbers of ecdsa.proto's EcdsaSignatureEncoding. Checkpoints are signed in DER, whatever stands here. */
const IEEE_P1363 = 1;
const DER = 2;

/** Curves that log keys have. */
export type EcdsaCurve = 'P-256' | 'P-384' | 'P-521';

interface Curve {
  /** Number in common.proto's EllipticCurveType. */
  readonly number: number;
  readonly name: string;
  readonly width: number;
  /** Private values are below it; OpenSSL would read a larger one as another. */
  readonly order: Uint8Array;
  /** Hashes that Tink allows with it, ours first. Checkpoints are signed with that one. */
  readonly hashes: readonly number[];
  /** PKCS#8 up to the private value: no public key, so that OpenSSL derives it. */
  readonly head: Uint8Array;
}

const CURVES: Readonly<Record<EcdsaCurve, Curve>> = {
  'P-256': {
    number: 2,
    name: 'prime256v1',
    width: 32,
    order: decodeHex('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551'),
    hashes: [SHA256],
    head: decodeHex('3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420'),
  },
  'P-384': {
    number: 3,
    name: 'secp384r1',
    width: 48,
    order: decodeHex(
      'ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973',
    ),
    hashes: [SHA384, SHA512],
    head: decodeHex('304e020100301006072a8648ce3d020106052b81040022043730350201010430'),
  },
  'P-521': {
    number: 4,
    name: 'secp521r1',
    width: 66,
    order: decodeHex(
      '01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409',
    ),
    hashes: [SHA512],
    head: decodeHex('3060020100301006072a8648ce3d020106052b81040023044930470201010442'),
  },
};

/**
 * Reads the message `EcdsaPrivateKey` (ecdsa.proto): version 1, public_key 2 with version 1, params 2 (hash 1, curve 2,
 * encoding 3), x 3 and y 4, and key_value 3.
 * @throws SignerError `keyset-malformed`, `keyset-unknown-type`
 */
export function readEcdsaKey(value: Uint8Array): PrivateParts {
  const message = new WireMessage(value, 'the ECDSA key of the keyset');
  const publicKey = message.message(2, 'the ECDSA public key of the keyset');
  requireVersion(message.uint32(1), 'the ECDSA key of the keyset');
  requireVersion(publicKey.uint32(1), 'the ECDSA public key of the keyset');
  const params = publicKey.message(2, 'the parameters of the ECDSA key of the keyset');
  const [curve, { width, order, head }] = requireCurve(params.uint32(2), params.uint32(1), params.uint32(3));
  const x = fixedWidth(publicKey.bytes(3), width, 'x');
  const y = fixedWidth(publicKey.bytes(4), width, 'y');
  const secret = fixedWidth(message.bytes(3), width, 'the private half');
  if (compareBytes(secret, order) >= 0) {
    throw new SignerError(
      'keyset-malformed',
      'the private half of the ECDSA key of the keyset is too large for its curve',
    );
  }
  const pkcs8 = concatBytes(head, secret);
  secret.fill(0);
  return { type: `ECDSA ${curve}`, pkcs8, publicValue: concatBytes(x, y) };
}

/** Makes a new key, with signatures in DER. */
export function newEcdsaKey(name: EcdsaCurve): KeyData {
  const curve = CURVES[name];
  const pair = createECDH(curve.name);
  const point = pair.generateKeys();
  const secret = pair.getPrivateKey();
  const [hash = 0] = curve.hashes;
  const params = concatBytes(uint32Field(1, hash), uint32Field(2, curve.number), uint32Field(3, DER));
  const [x, y] = [point.subarray(1, 1 + curve.width), point.subarray(1 + curve.width)];
  const publicKey = concatBytes(bytesField(2, params), bytesField(3, x), bytesField(4, y));
  const padded = fixedWidth(secret, curve.width, 'the private half');
  const value = concatBytes(bytesField(2, publicKey), bytesField(3, padded));
  secret.fill(0);
  padded.fill(0);
  return { typeUrl: TYPE_URL, value, material: 'ASYMMETRIC_PRIVATE' };
}

function requireCurve(number: number, hash: number, encoding: number): [EcdsaCurve, Curve] {
  const found = (Object.entries(CURVES) as [EcdsaCurve, Curve][]).find(([, curve]) => curve.number === number);
  if (found?.[1].hashes.includes(hash) && (encoding === DER || encoding === IEEE_P1363)) return found;
  throw new SignerError(
    'keyset-unknown-type',
    `the ECDSA key of the keyset has curve ${number}, hash ${hash} and encoding ${encoding}, which do not go together in Tink`,
  );
}

/** A number in `width` bytes. Tink's libraries write leading zero bytes, or leave them out, as each likes. */
function fixedWidth(number: Uint8Array, width: number, what: string): Uint8Array<ArrayBuffer> {
  const start = number.findIndex((byte) => byte !== 0);
  const digits = start === -1 ? new Uint8Array() : number.subarray(start);
  if (digits.length === 0 || digits.length > width) {
    throw new SignerError('keyset-malformed', `${what} of the ECDSA key of the keyset does not have ${width} bytes`);
  }
  return concatBytes(new Uint8Array(width - digits.length), digits);
}
