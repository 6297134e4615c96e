import assert from 'node:assert/strict';
import { openNote, signNote } from '@tilewright/core/note';
import { ecdsaNoteSigner, ecdsaNoteVerifier } from '@tilewright/core/note/ecdsa';

const secretKey = new Uint8Array(32).fill(7); // take random bytes instead
const signer = ecdsaNoteSigner('log.example', 'P-256', secretKey);

const note = await signNote(new TextEncoder().encode('anything\n'), [signer]);
assert.equal(openNote(note, [ecdsaNoteVerifier(signer.key)]).verified.length, 1);
