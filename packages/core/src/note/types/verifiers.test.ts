import { p256 } from '@noble/curves/nist.js';
import { expect, test } from 'vitest';
import { ecdsaSigner, ed25519Signer } from '../../../test/signers.ts';
import { decodeHex } from '../../bytes/hex.ts';
import { concatBytes } from '../../bytes/sequences.ts';
import { encodeUtf8 } from '../../bytes/utf8.ts';
import { CoreError } from '../../core-error.ts';
import { expectCode } from '../../testing/expect-code.ts';
import { KEY_TYPE } from '../key-id.ts';
import { openNote } from '../open-note.ts';
import { signNote } from '../sign-note.ts';
import { ecdsaNoteVerifier } from './ecdsa.ts';
import { ed25519NoteVerifier } from './ed25519.ts';

const text = encodeUtf8('log.example\n1\n');
const other = encodeUtf8('log.example\n2\n');

test('RFC 8032 section 7.1, test 2', () => {
  const key = decodeHex('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c');
  const signature = decodeHex(
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  );
  const verifier = ed25519NoteVerifier({ name: 'a', keyId: 0, type: KEY_TYPE.ed25519, key });
  expect(verifier.verify(Uint8Array.of(0x72), signature)).toBe(true);
  expect(verifier.verify(Uint8Array.of(0x73), signature)).toBe(false);
});

const makers = {
  Ed25519: () => ed25519Signer('log.example'),
  'ECDSA P-256': () => ecdsaSigner('log.example', 'P-256'),
  'ECDSA P-384': () => ecdsaSigner('log.example', 'P-384'),
  'ECDSA P-521': () => ecdsaSigner('log.example', 'P-521'),
};

for (const [kind, make] of Object.entries(makers)) {
  const { signer, vkey } = make();
  const verifier = vkey.type === KEY_TYPE.ed25519 ? ed25519NoteVerifier(vkey) : ecdsaNoteVerifier(vkey);

  test(`${kind}: signatures that OpenSSL makes open notes`, async () => {
    for (let i = 0; i < 4; i++) {
      const { verified } = openNote(await signNote(text, [signer]), [verifier]);
      expect(verified.map(({ name, keyId }) => ({ name, keyId }))).toEqual([{ name: vkey.name, keyId: vkey.keyId }]);
    }
  });

  test(`${kind}: bad signatures are false, not thrown`, { timeout: 60_000 }, async () => {
    const good = await signer.sign(text);
    expect(verifier.verify(text, good)).toBe(true);
    expect(verifier.verify(other, good)).toBe(false);
    const bad = [
      new Uint8Array(0),
      new Uint8Array(1),
      new Uint8Array(64),
      new Uint8Array(64).fill(255),
      good.subarray(1),
      good.subarray(0, -1),
      concatBytes(good, Uint8Array.of(0)),
      concatBytes(Uint8Array.of(0), good),
      new Uint8Array(20_000),
    ];
    for (const signature of bad) expect(verifier.verify(text, signature)).toBe(false);
    for (let at = 0; at < good.length; at++) {
      const flipped = good.slice();
      flipped[at] = 255 - (flipped[at] ?? 0);
      expect(verifier.verify(text, flipped), `byte ${at}`).toBe(false);
    }
  });

  test(`${kind}: a verifier keeps its key when the caller's array changes`, async () => {
    const key = vkey.key.slice();
    const own = (vkey.type === KEY_TYPE.ed25519 ? ed25519NoteVerifier : ecdsaNoteVerifier)({ ...vkey, key });
    key.fill(0);
    expect(own.verify(text, await signer.sign(text))).toBe(true);
  });
}

test('ECDSA: both values of s are accepted, other encodings are not', async () => {
  const { signer, vkey } = makers['ECDSA P-256']();
  const verifier = ecdsaNoteVerifier(vkey);
  const signature = p256.Signature.fromBytes(await signer.sign(text), 'der');
  const twin = new p256.Signature(signature.r, p256.Point.Fn.ORDER - signature.s);
  expect(verifier.verify(text, twin.toBytes('der'))).toBe(true);
  expect(verifier.verify(text, signature.toBytes('compact'))).toBe(false);
  // The same number with a superfluous zero byte in front.
  const der = signature.toBytes('der');
  const r = der.subarray(4, 4 + (der[3] ?? 0));
  const padded = concatBytes(
    Uint8Array.of(0x30, (der[1] ?? 0) + 1, 0x02, (der[3] ?? 0) + 1, 0),
    r,
    der.subarray(4 + r.length),
  );
  expect(verifier.verify(text, padded)).toBe(false);
});

test('keys of another type', () => {
  const { vkey: ed25519 } = makers.Ed25519();
  const { vkey: ecdsa } = makers['ECDSA P-256']();
  expectCode(() => ed25519NoteVerifier(ecdsa), CoreError, 'unknown-key');
  expectCode(() => ecdsaNoteVerifier(ed25519), CoreError, 'unknown-key');
  expectCode(() => ed25519NoteVerifier({ ...ed25519, type: KEY_TYPE.cosignatureEd25519 }), CoreError, 'unknown-key');
});

test('Ed25519 keys that are no points, or points that anyone can sign for', () => {
  const { vkey } = makers.Ed25519();
  const identity = Uint8Array.of(1, ...new Uint8Array(31));
  const notOnCurve = Uint8Array.of(2, ...new Uint8Array(31));
  const notReduced = new Uint8Array(32).fill(0xff);
  for (const key of [identity, notOnCurve, notReduced, new Uint8Array(31)]) {
    expectCode(() => ed25519NoteVerifier({ ...vkey, key }), CoreError, 'malformed');
  }
});

test('Ed25519: a signature whose s is not reduced is refused', async () => {
  const { signer, vkey } = makers.Ed25519();
  const signature = await signer.sign(text);
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  let s = 0n;
  for (let i = 63; i >= 32; i--) s = s * 256n + BigInt(signature[i] ?? 0);
  let raised = s + order;
  const forged = signature.slice();
  for (let i = 32; i < 64; i++) {
    forged[i] = Number(raised % 256n);
    raised /= 256n;
  }
  expect(ed25519NoteVerifier(vkey).verify(text, forged)).toBe(false);
});

test('ECDSA keys that are cut, extended, compressed, of another curve or off it', () => {
  const { vkey } = makers['ECDSA P-256']();
  const offCurve = vkey.key.slice();
  offCurve[offCurve.length - 1] = 255 - (offCurve.at(-1) ?? 0);
  expectCode(() => ecdsaNoteVerifier({ ...vkey, key: offCurve }), CoreError, 'malformed');
  const secp256k1 = concatBytes(decodeHex('3056301006072a8648ce3d020106052b8104000a034200'), vkey.key.subarray(26));
  for (const key of [
    new Uint8Array(0),
    vkey.key.subarray(1),
    vkey.key.subarray(0, -1),
    concatBytes(vkey.key, Uint8Array.of(0)),
    secp256k1,
  ]) {
    expectCode(() => ecdsaNoteVerifier({ ...vkey, key }), CoreError, 'unknown-key');
  }
});
