import { generateKeyPairSync, sign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { decodeUtf8, encodeUtf8 } from '@tilewright/core/bytes';
import { signerAt } from '@tilewright/core/cosignature';
import { formatVerifierKey, type NoteSigner, signNote, type VerifierKey } from '@tilewright/core/note';
import { rsaVerifierKey } from '@tilewright/core/note/rsa';
import { cosignerOf, noteSignerOf } from '@tilewright/signer';
import { REPOSITORY } from '../build/packed-core.ts';
import type { SignedByType } from '../page/page-material.ts';

const TEXT = encodeUtf8('log.example\n7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n');
const TIME = 1_700_000_000n;

/** A note of every signature type, with new keys: OpenSSL signs, and Go did where we do not. */
export async function signedNotes(): Promise<SignedByType[]> {
  const ecdsa = (curve: string) => noteSignerOf('log.example', privateKey('ec', curve));
  const witness = cosignerOf('witness.example', privateKey('ed25519'));
  const mlDsaWitness = cosignerOf('witness.example', privateKey('ml-dsa-44'));
  const own = (type: string, signer: NoteSigner & { readonly key: VerifierKey }) => signed(type, signer.key, signer);
  return Promise.all([
    own('0x01 Ed25519', noteSignerOf('log.example', privateKey('ed25519'))),
    own('0x02 ECDSA P-256', ecdsa('P-256')),
    own('0x02 ECDSA P-384', ecdsa('P-384')),
    own('0x02 ECDSA P-521', ecdsa('P-521')),
    signed('0x04 Ed25519 cosignature', witness.key, signerAt(witness, TIME)),
    goNote('0x05 RFC 6962', 5),
    own('0x06 ML-DSA-44 of a log', noteSignerOf('log.example', privateKey('ml-dsa-44'))),
    signed('0x06 ML-DSA-44 cosignature', mlDsaWitness.key, signerAt(mlDsaWitness, TIME)),
    rsaNote(),
  ]);
}

async function signed(type: string, key: VerifierKey, signer: NoteSigner): Promise<SignedByType> {
  const note = decodeUtf8(await signNote(TEXT, [signer]));
  return { type, vkey: formatVerifierKey(key.name, key.type, key.key), note };
}

async function goNote(type: string, keyType: number): Promise<SignedByType> {
  const file = await readFile(`${REPOSITORY}testdata/go-note-vectors.json`, 'utf8');
  const { notes }: { notes: readonly { type: number; vkey: string; note?: string }[] } = JSON.parse(file);
  const found = notes.find((note) => note.type === keyType);
  if (found?.note === undefined) throw new Error(`testdata has no note of type ${keyType} by Go`);
  return { type, vkey: found.vkey, note: found.note };
}

function rsaNote(): Promise<SignedByType> {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = rsaVerifierKey('log.example', keys.publicKey.export({ type: 'spki', format: 'der' }));
  const { name, keyId } = key;
  const signer = { name, keyId, sign: async (text: Uint8Array) => sign('sha256', text, keys.privateKey) };
  return signed('0xFF RSA 2048', key, signer);
}

function privateKey(kind: 'ed25519' | 'ml-dsa-44' | 'ec', namedCurve = '') {
  if (kind === 'ec') return generateKeyPairSync('ec', { namedCurve }).privateKey;
  return kind === 'ed25519' ? generateKeyPairSync('ed25519').privateKey : generateKeyPairSync('ml-dsa-44').privateKey;
}
