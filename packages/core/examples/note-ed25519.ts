import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { formatVerifierKey, KEY_TYPE, openNote, parseVerifierKey, signNote } from '@tilewright/core/note';
import { ed25519NoteVerifier } from '@tilewright/core/note/ed25519';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const raw = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })).subarray(12);
const key = parseVerifierKey(formatVerifierKey('log.example', KEY_TYPE.ed25519, raw));
const signer = { ...key, sign: async (text: Uint8Array) => sign(null, text, privateKey) };

const note = await signNote(new TextEncoder().encode('anything\n'), [signer]);
assert.equal(openNote(note, [ed25519NoteVerifier(key)]).verified.length, 1);
