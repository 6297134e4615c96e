import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { openNote, signNote } from '@tilewright/core/note';
import { rsaNoteVerifier, rsaVerifierKey } from '@tilewright/core/note/rsa';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const key = rsaVerifierKey('log.example', publicKey.export({ type: 'spki', format: 'der' }));
const signer = { ...key, sign: async (text: Uint8Array) => sign('sha256', text, privateKey) };

const note = await signNote(new TextEncoder().encode('anything\n'), [signer]);
assert.equal(openNote(note, [rsaNoteVerifier(key)]).verified.length, 1);
