import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { cosignatureV1Cosigner, parseCosignatureV1Message, signerAt } from '@tilewright/core/cosignature';
import { KEY_TYPE, parseNote, signNote, verifierKey } from '@tilewright/core/note';

// A cosigner is a public key and a function that signs messages with it, here or far away.
const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(12);
const witness = cosignatureV1Cosigner(
  verifierKey('witness.example', KEY_TYPE.cosignatureEd25519, raw),
  async (message) => {
    assert.equal(parseCosignatureV1Message(message).timestamp, 1_700_000_000n); // what it is about to sign
    return sign(null, message, privateKey);
  },
);
const text = 'log.example\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n';
const note = await signNote(new TextEncoder().encode(text), [signerAt(witness, 1_700_000_000n)]);
assert.equal(parseNote(note).signatures[0]?.signature.length, 8 + 64);
