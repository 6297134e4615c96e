import { decodeHex } from '@tilewright/core/bytes';
import { certificate, extension } from '../build/certificates.ts';
import { spkiOf } from '../build/fixture-bytes.ts';
import { type HashedRekordParts, hashedRekordRequest } from '../build/request-forms.ts';
import { leafOf, type SignedDigest, signedDigest } from '../build/signed-digest.ts';
import { noType, type RequestRow, refused, tooLarge } from '../request-row.ts';
import type { SignatureSupply } from './signature-supply.ts';

const EMPTY = new Uint8Array(0);

/** Requests for nothing: no kind of entry is named. */
export function noTypeRows(): RequestRow[] {
  return [
    noType('nothing at all', { json: '', wire: EMPTY }),
    noType('only spaces', { json: ' \r\n\t' }),
    noType('an empty object', { json: '{}' }),
    noType('an empty object and garbage', { json: '{}garbage' }),
    noType('a request of null', { json: '{"hashedRekordRequestV002":null}' }),
    noType('both requests null', { json: '{"hashedRekordRequestV002":null,"dsse_request_v002":null}' }),
    noType('an unknown field', { wire: decodeHex('7801') }),
    noType('four MiB less a byte of spaces', { json: new Uint8Array(4 * 2 ** 20 - 1).fill(0x20) }),
  ];
}

/** hashedrekord requests with something absent or empty, and digests of the wrong length. */
export function incompleteRows(): RequestRow[] {
  const { digest, content, verifier } = signedDigest('p256', 0);
  const missing = (name: string, parts: HashedRekordParts) =>
    refused(`missing: ${name}`, hashedRekordRequest(parts), 'missing-field');
  const keyDetails = 'PKIX_ECDSA_P256_SHA_256';
  return [
    missing('everything', {}),
    missing('signature', { digest }),
    missing('signature content', { digest, verifier }),
    missing('verifier', { digest, content }),
    missing('digest', { content, verifier }),
    missing('digest, empty', { digest: EMPTY, content, verifier }),
    missing('everything in the verifier', { digest, content, verifier: {} }),
    missing('key and certificate', { digest, content, verifier: { keyDetails } }),
    missing('bytes of the key', { digest, content, verifier: { publicKey: EMPTY, keyDetails } }),
    missing('bytes of the certificate', { digest, content, verifier: { x509Certificate: EMPTY, keyDetails } }),
    ...[1, 31, 33, 48, 64].map((length) => wrongLength(`${length} bytes for P-256`, signedDigest('p256', 0), length)),
    ...[32, 64].map((length) => wrongLength(`${length} bytes for P-384`, signedDigest('p384', 0), length)),
    ...[32, 63].map((length) => wrongLength(`${length} bytes for Ed25519ph`, signedDigest('ed25519ph', 0), length)),
    wrongLength('20 bytes for RSA', signedDigest('rsa2048', 0), 20),
  ];
}

function wrongLength(name: string, parts: SignedDigest, length: number): RequestRow {
  const request = hashedRekordRequest({ ...parts, digest: new Uint8Array(length).fill(7) });
  return refused(`digest: ${name}`, request, 'digest-length');
}

/** Requests that are fine but for the size of their leaf: an entry bundle's limit is 65,535 bytes. */
export function largeRows(supply: SignatureSupply): RequestRow[] {
  const build = (size: number) => {
    const parts = supply.key();
    const comment = extension('2b0601040183bf30017f', new Uint8Array(size));
    const x509Certificate = certificate({ spki: spkiOf('p256'), extensions: [comment] });
    return { ...parts, verifier: { x509Certificate, keyDetails: 'PKIX_ECDSA_P256_SHA_256' } } satisfies SignedDigest;
  };
  return [49_200, 1_000_000].map((size) => {
    const parts = build(size);
    return tooLarge(`a certificate of more than ${size} bytes`, hashedRekordRequest(parts), leafOf(parts));
  });
}
