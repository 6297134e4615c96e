import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { concatBytes, decodeHex, encodeUtf8 } from '@tilewright/core/bytes';

const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** ecdsa-with-SHA256 (RFC 5758). */
const ALGORITHM = der(0x30, decodeHex('06082a8648ce3d040302'));
/** CN=sample */
const NAME = der(0x30, der(0x31, der(0x30, decodeHex('0603550403'), der(0x0c, encodeUtf8('sample')))));
const VALIDITY = der(0x30, der(0x17, encodeUtf8('250101000000Z')), der(0x17, encodeUtf8('350101000000Z')));

const VERSION_3 = decodeHex('a003020102');
/** One extension: subjectAltName with the address 127.0.0.1. */
const EXTENSIONS = der(0xa3, der(0x30, der(0x30, decodeHex('0603551d11'), der(0x04, decodeHex('300687047f000001')))));

/** A new P-256 key. */
export const CERTIFICATE_KEY: KeyObject = pair.privateKey;

/** A self-signed X.509 certificate (DER) for it, and for servers at 127.0.0.1. */
export const CERTIFICATE: Uint8Array<ArrayBuffer> = selfSigned();

function selfSigned(): Uint8Array<ArrayBuffer> {
  const spki = pair.publicKey.export({ type: 'spki', format: 'der' });
  const tbs = der(0x30, VERSION_3, decodeHex('020101'), ALGORITHM, NAME, VALIDITY, NAME, spki, EXTENSIONS);
  const signature = sign('sha256', tbs, pair.privateKey);
  return der(0x30, tbs, ALGORITHM, der(0x03, Uint8Array.of(0), signature));
}

function der(tag: number, ...content: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const body = concatBytes(...content);
  const { length } = body;
  const head = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, Math.floor(length / 256), length % 256];
  return concatBytes(Uint8Array.of(tag, ...head), body);
}
