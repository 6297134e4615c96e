import assert from 'node:assert/strict';
import { asHash, asTreeSize } from '@tilewright/core/bytes';
import { formatCheckpoint, openCheckpoint } from '@tilewright/core/checkpoint';
import { signNote } from '@tilewright/core/note';
import { ed25519NoteSigner, ed25519NoteVerifier } from '@tilewright/core/note/ed25519';
import { mlDsaLogSigner, mlDsaNoteVerifier } from '@tilewright/core/note/ml-dsa';

// A log with two keys: clients that know either can read its checkpoint.
const origin = 'log.example';
const ed25519 = ed25519NoteSigner(origin, new Uint8Array(32).fill(7)); // take random bytes instead
const mlDsa = mlDsaLogSigner(origin, new Uint8Array(32).fill(8));
const root = asHash(new Uint8Array(32));
const text = formatCheckpoint({ origin, size: asTreeSize(9), root, extensions: [] });
const note = await signNote(text, [ed25519, mlDsa]);

for (const verifier of [ed25519NoteVerifier(ed25519.key), mlDsaNoteVerifier(mlDsa.key)]) {
  assert.equal(openCheckpoint(note, origin, verifier).size, 9);
}
