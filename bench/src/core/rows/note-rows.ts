import { createPublicKey, generateKeyPairSync, type KeyObject, verify } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import { asHash, asTreeSize } from '@tilewright/core/bytes';
import { formatCheckpoint, openCheckpoint, parseCheckpoint } from '@tilewright/core/checkpoint';
import {
  KEY_TYPE,
  type NoteSigner,
  type NoteVerifier,
  noteKeyHash,
  parseNote,
  signNote,
  type VerifierKey,
} from '@tilewright/core/note';
import { ecdsaNoteVerifier } from '@tilewright/core/note/ecdsa';
import { ed25519NoteVerifier } from '@tilewright/core/note/ed25519';
import { mlDsaNoteVerifier } from '@tilewright/core/note/ml-dsa';
import { noteSignerOf, noteVerifierOf } from '@tilewright/signer';
import { type BenchRow, type Contestant, contestant } from '../bench-row.ts';
import { sigstoreOpen, sigstoreParse } from '../other-verifiers.ts';
import { sampleBytes } from './sample-bytes.ts';

export const OPEN_CHECKPOINT_ROW = 'open a checkpoint: parse, verify Ed25519';
/** A contestant that verifies the signature and reads nothing. */
export const BARE_VERIFY = 'crypto.verify alone';

const ORIGIN = 'log.example';
const ROOT = asHash(sampleBytes(32));
const TEXT = formatCheckpoint({ origin: ORIGIN, size: asTreeSize(123_456_789), root: ROOT, extensions: [] });
const PARSES = 50;
const NOTHING = new Uint8Array(0);

/** Checkpoints: read, and opened with keys of each kind that logs sign with. All come to the root. */
export async function noteRows(): Promise<BenchRow[]> {
  return [
    parseRow(),
    await openRow(),
    await verifyRow(
      'verify a note: ECDSA P-256',
      generateKeyPairSync('ec', { namedCurve: 'P-256' }),
      ecdsaNoteVerifier,
    ),
    await verifyRow('verify a note: ML-DSA-44', generateKeyPairSync('ml-dsa-44'), mlDsaNoteVerifier),
  ];
}

function parseRow(): BenchRow {
  const many = (parse: () => Uint8Array) => (): Uint8Array => {
    let root = parse();
    for (let i = 1; i < PARSES; i++) root = parse();
    return root;
  };
  return {
    name: 'parse a checkpoint',
    unit: 'checkpoints',
    count: PARSES,
    beside: ['@sigstore/verify'],
    contestants: [
      contestant(
        'core',
        many(() => parseCheckpoint(TEXT).root),
      ),
      contestant(
        '@sigstore/verify',
        many(() => sigstoreParse(TEXT).logHash),
      ),
    ],
  };
}

async function openRow(): Promise<BenchRow> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const { note, signature, key } = await signed(noteSignerOf(ORIGIN, privateKey));
  const opened = (name: string, verifier: NoteVerifier): Contestant =>
    contestant(name, () => openCheckpoint(note, ORIGIN, verifier).root);
  const sigstore = sigstoreOpen(note, { origin: ORIGIN, keyId: noteKeyHash(ORIGIN, key.type, key.key), publicKey });
  return {
    name: OPEN_CHECKPOINT_ROW,
    unit: 'checkpoints',
    count: 1,
    beside: [BARE_VERIFY, '@sigstore/verify', '@noble/curves alone'],
    contestants: [
      opened('signer', noteVerifierOf(key)),
      opened('core', ed25519NoteVerifier(key)),
      contestant(BARE_VERIFY, () => (verify(null, TEXT, publicKey, signature) ? ROOT : NOTHING)),
      contestant('@sigstore/verify', () => sigstore().logHash),
      contestant('@noble/curves alone', () =>
        ed25519.verify(signature, TEXT, key.key, { zip215: false }) ? ROOT : NOTHING,
      ),
    ],
  };
}

async function verifyRow(
  name: string,
  keys: { readonly publicKey: KeyObject; readonly privateKey: KeyObject },
  portable: (key: VerifierKey) => NoteVerifier,
): Promise<BenchRow> {
  const { signature, key } = await signed(noteSignerOf(ORIGIN, keys.privateKey));
  const verifies = (contestantName: string, verifier: NoteVerifier): Contestant =>
    contestant(contestantName, () => (verifier.verify(TEXT, signature) ? ROOT : NOTHING));
  const ours = [verifies('signer', noteVerifierOf(key)), verifies('core', portable(key))];
  if (key.type !== KEY_TYPE.ecdsa) return { name, unit: 'notes', count: 1, beside: ['signer'], contestants: ours };
  const point = createPublicKey(keys.publicKey.export({ type: 'spki', format: 'pem' })).export({ format: 'jwk' });
  const raw = Buffer.concat([
    Uint8Array.of(4),
    Buffer.from(point.x ?? '', 'base64url'),
    Buffer.from(point.y ?? '', 'base64url'),
  ]);
  return {
    name,
    unit: 'notes',
    count: 1,
    beside: [BARE_VERIFY, '@noble/curves alone'],
    contestants: [
      ...ours,
      contestant(BARE_VERIFY, () => (verify('sha256', TEXT, keys.publicKey, signature) ? ROOT : NOTHING)),
      contestant('@noble/curves alone', () =>
        p256.verify(signature, TEXT, raw, { format: 'der', lowS: false }) ? ROOT : NOTHING,
      ),
    ],
  };
}

async function signed(signer: NoteSigner & { readonly key: VerifierKey }): Promise<{
  readonly note: Uint8Array;
  readonly signature: Uint8Array;
  readonly key: VerifierKey;
}> {
  const note = await signNote(TEXT, [signer]);
  const signature = parseNote(note).signatures[0]?.signature ?? NOTHING;
  return { note, signature, key: signer.key };
}
