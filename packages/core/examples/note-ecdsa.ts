import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { formatVerifierKey, KEY_TYPE, openNote, parseVerifierKey, signNote } from '@tilewright/core/note';
import { ecdsaNoteVerifier } from '@tilewright/core/note/ecdsa';

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const spki = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));
const key = parseVerifierKey(formatVerifierKey('log.example', KEY_TYPE.ecdsa, spki));
const signer = { ...key, sign: async (text: Uint8Array) => sign('sha256', text, privateKey) };

const note = await signNote(new TextEncoder().encode('anything\n'), [signer]);
assert.equal(openNote(note, [ecdsaNoteVerifier(key)]).verified.length, 1);
