import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { decodeUtf8, encodeUtf8 } from '@tilewright/core/bytes';
import { parseCheckpoint } from '@tilewright/core/checkpoint';
import { type Cosigner, signerAt } from '@tilewright/core/cosignature';
import { KEY_TYPE, type NoteSigner, type NoteVerifier, type VerifierKey, verifierKey } from '@tilewright/core/note';
import { ed25519CosignatureVerifier, ed25519Cosigner } from '@tilewright/core/note/cosignature';
import { ecdsaNoteSigner, ecdsaNoteVerifier } from '@tilewright/core/note/ecdsa';
import { ed25519NoteSigner, ed25519NoteVerifier } from '@tilewright/core/note/ed25519';
import { mlDsaCosigner, mlDsaNoteVerifier } from '@tilewright/core/note/ml-dsa';
import { rfc6962NoteVerifier } from '@tilewright/core/note/rfc6962';
import { rsaNoteVerifier, rsaVerifierKey } from '@tilewright/core/note/rsa';
import { arbitraries } from '@tilewright/core/testing';
import {
  formatTreeHeadSignature,
  TREE_HEAD_ALGORITHM,
  treeHeadMessage,
  treeHeadVerifierKey,
} from '@tilewright/core/tree-head';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { privateKeyFromSeed } from '../keys/private-seed.ts';
import { cosignerOf, noteSignerOf } from './note-signer.ts';
import { noteVerifierOf, treeHeadVerifierOf } from './note-verifier.ts';

const any = arbitraries(fc);
const ORIGIN = 'log.example';

/** One key with every signer and verifier there is of it. */
interface Subject {
  readonly signers: Readonly<Record<string, NoteSigner>>;
  readonly portable: NoteVerifier;
  readonly native: NoteVerifier;
  readonly runs: number;
}

const seed = new Uint8Array(32).fill(42);
const spkiOf = (key: KeyObject) => new Uint8Array(key.export({ type: 'spki', format: 'der' }));
const at = (cosigner: Cosigner) => signerAt(cosigner, 1_700_000_000n);

function verifiers(key: VerifierKey, portable: (vkey: VerifierKey) => NoteVerifier) {
  return { portable: portable(key), native: noteVerifierOf(key) };
}

function ecdsa(curve: 'P-256' | 'P-384' | 'P-521', runs: number): Subject {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: curve });
  const width = { 'P-256': 32, 'P-384': 48, 'P-521': 66 }[curve];
  const secret = Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url');
  const portable = ecdsaNoteSigner(ORIGIN, curve, Buffer.concat([Buffer.alloc(width - secret.length), secret]));
  const native = noteSignerOf(ORIGIN, privateKey);
  expect(native.key).toEqual(portable.key);
  return { signers: { portable, native }, ...verifiers(native.key, ecdsaNoteVerifier), runs };
}

function rsa(): Subject {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = rsaVerifierKey(ORIGIN, spkiOf(publicKey));
  const native = { ...key, sign: async (text: Uint8Array) => sign('sha256', text, privateKey) };
  return { signers: { native }, ...verifiers(key, rsaNoteVerifier), runs: 30 };
}

function treeHead(kind: 'ecdsa' | 'rsa'): Subject {
  const { privateKey, publicKey } =
    kind === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = spkiOf(publicKey);
  const key = treeHeadVerifierKey(ORIGIN, spki);
  const native = {
    ...key,
    sign: async (text: Uint8Array) => {
      const signature = sign('sha256', treeHeadMessage(7n, parseCheckpoint(text)), privateKey);
      return formatTreeHeadSignature({ timestamp: 7n, algorithm: TREE_HEAD_ALGORITHM[kind], signature });
    },
  };
  return {
    signers: { native },
    portable: rfc6962NoteVerifier(key, spki),
    native: treeHeadVerifierOf(key, spki),
    runs: 20,
  };
}

function cosigned(kind: 'ed25519' | 'ml-dsa-44'): Subject {
  const isMlDsa = kind === 'ml-dsa-44';
  const portable = isMlDsa ? mlDsaCosigner('w.example', seed) : ed25519Cosigner('w.example', seed);
  const native = cosignerOf('w.example', privateKeyFromSeed(kind, seed));
  expect(native.key).toEqual(portable.key);
  return {
    signers: { portable: at(portable), native: at(native) },
    ...verifiers(native.key, isMlDsa ? mlDsaNoteVerifier : ed25519CosignatureVerifier),
    runs: isMlDsa ? 15 : 25,
  };
}

function ed25519(): Subject {
  const portable = ed25519NoteSigner(ORIGIN, seed);
  const native = noteSignerOf(ORIGIN, privateKeyFromSeed('ed25519', seed));
  expect(native.key).toEqual(portable.key);
  return { signers: { portable, native }, ...verifiers(native.key, ed25519NoteVerifier), runs: 25 };
}

const SUBJECTS: Readonly<Record<string, () => Subject>> = {
  '0x01 Ed25519': ed25519,
  '0x02 P-256': () => ecdsa('P-256', 20),
  '0x02 P-384': () => ecdsa('P-384', 8),
  '0x02 P-521': () => ecdsa('P-521', 5),
  '0x04 Ed25519 cosignature': () => cosigned('ed25519'),
  '0x05 ECDSA': () => treeHead('ecdsa'),
  '0x05 RSA': () => treeHead('rsa'),
  '0x06 ML-DSA-44': () => cosigned('ml-dsa-44'),
  '0xFF RSA': rsa,
};

function flip(bytes: Uint8Array, bit: number): Uint8Array {
  const at = Math.floor(bit / 8) % bytes.length;
  return bytes.with(at, (bytes[at] ?? 0) ^ (2 ** (bit % 8)));
}

test.each(Object.entries(SUBJECTS))('%s: portable and node verifiers agree', { timeout: 120_000 }, async (_, make) => {
  const { signers, portable, native, runs } = make();
  const { name, keyId, type } = portable;
  expect(native).toMatchObject({ name, keyId, type });
  const texts = fc
    .record({ size: any.treeSize(), root: any.hash() })
    .map(({ size, root }) => encodeUtf8(`${ORIGIN}\n${size}\n${Buffer.from(root).toString('base64')}\n`));
  await fc.assert(
    fc.asyncProperty(texts, fc.nat(), fc.nat(), async (text, textBit, signatureBit) => {
      for (const signer of Object.values(signers)) {
        const signature = await signer.sign(text);
        expect([portable.verify(text, signature), native.verify(text, signature)]).toEqual([true, true]);
        for (const [otherText, other] of [
          [flip(text, textBit), signature],
          [text, flip(signature, signatureBit)],
          [text, signature.subarray(0, signatureBit % signature.length)],
        ] as const) {
          const verdicts = [portable, native].map((verifier) => verifier.verify(otherText, other));
          expect(verdicts, decodeUtf8(text)).toEqual([false, false]);
        }
      }
    }),
    { numRuns: runs },
  );
});

test('the same holds of any text for the types that sign any', { timeout: 60_000 }, async () => {
  for (const make of [ed25519, () => ecdsa('P-256', 0), rsa]) {
    const { signers, portable, native } = make();
    await fc.assert(
      fc.asyncProperty(any.bytes(2000), async (text) => {
        for (const signer of Object.values(signers)) {
          const signature = await signer.sign(text);
          expect([portable.verify(text, signature), native.verify(text, signature)]).toEqual([true, true]);
        }
      }),
      { numRuns: 10 },
    );
  }
});

test('random bytes are no signature for either', { timeout: 60_000 }, () => {
  const subjects = [ed25519(), ecdsa('P-256', 0), rsa(), cosigned('ed25519'), cosigned('ml-dsa-44')];
  const sizes = [0, 1, 8, 63, 64, 65, 70, 71, 72, 73, 256, 2420, 2428];
  const bytes = fc.constantFrom(...sizes).chain((size) => fc.uint8Array({ minLength: size, maxLength: size }));
  fc.assert(
    fc.property(bytes, fc.constantFrom(...subjects), (signature, { portable, native }) => {
      const text = encodeUtf8('log.example\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n');
      expect([portable.verify(text, signature), native.verify(text, signature)]).toEqual([false, false]);
    }),
    { numRuns: 200 },
  );
});

test('signatures in DER that is not canonical are refused by both', async () => {
  const { signers, portable, native } = ecdsa('P-256', 0);
  const text = encodeUtf8('a\n');
  const good = Buffer.from((await signers.native?.sign(text)) ?? []);
  const [rSize = 0] = good.subarray(3);
  const r = good.subarray(4, 4 + rSize);
  const s = good.subarray(6 + rSize);
  const sequence = (body: Uint8Array, head = [0x30, body.length]) => Buffer.concat([Buffer.from(head), body]);
  const integer = (value: Uint8Array, head = [0x02, value.length]) => Buffer.concat([Buffer.from(head), value]);
  const both = Buffer.concat([integer(r), integer(s)]);
  const zero = Buffer.from([0]);
  expect([portable, native].map((verifier) => verifier.verify(text, sequence(both)))).toEqual([true, true]);
  for (const [what, bytes] of Object.entries({
    'a length in two bytes': sequence(both, [0x30, 0x81, both.length]),
    'an indefinite length': sequence(Buffer.concat([both, zero, zero]), [0x30, 0x80]),
    'a longer r': sequence(Buffer.concat([integer(Buffer.concat([zero, r])), integer(s)])),
    'a longer s': sequence(Buffer.concat([integer(r), integer(Buffer.concat([zero, s]))])),
    'an r with a length in two bytes': sequence(Buffer.concat([integer(r, [0x02, 0x81, r.length]), integer(s)])),
    'an r of zero': sequence(Buffer.concat([integer(zero), integer(s)])),
    'an s of zero': sequence(Buffer.concat([integer(r), integer(zero)])),
    'a negative s': sequence(Buffer.concat([integer(r), integer(Buffer.from([0xff]))])),
    'no s': sequence(integer(r)),
    'a third number': sequence(Buffer.concat([both, integer(r)])),
    'a byte behind': Buffer.concat([sequence(both), zero]),
    'a set': sequence(both, [0x31, both.length]),
    'two numbers of fixed length': Buffer.concat([r.subarray(-32), s.subarray(-32)]),
  })) {
    const verdicts = [portable, native].map((verifier) => verifier.verify(text, bytes));
    expect(verdicts, what).toEqual([false, false]);
  }
});

test('a key of one type is not taken under another', () => {
  const raw = noteSignerOf(ORIGIN, privateKeyFromSeed('ed25519', seed)).key.key;
  const own = verifierKey(ORIGIN, KEY_TYPE.ed25519, raw);
  const cosigner = verifierKey(ORIGIN, KEY_TYPE.cosignatureEd25519, raw);
  expect(noteVerifierOf(own).keyId).not.toBe(noteVerifierOf(cosigner).keyId);
});
