import assert from 'node:assert/strict';
import { openNote, parseSigningKey, parseVerifierKey, signNote } from '@tilewright/core/note';
import { ed25519NoteVerifier, ed25519SignerOf } from '@tilewright/core/note/ed25519';

const key = parseVerifierKey('log.example/c2sp+f4911991+AcF5Z55CGQi1dNXsh7eu2ZaFVQmIGdZooPN0me+jB6hV');
// The form in which Go's note package keeps private keys. This one is published: sign nothing else with it.
const skey = 'PRIVATE+KEY+log.example/c2sp+f4911991+AWWFd4z63nkDXgrBAx5Gv7YXT0Q+ppt9D65EJfJfuF7z';
const signer = ed25519SignerOf(parseSigningKey(skey));

const note = await signNote(new TextEncoder().encode('anything\n'), [signer]);
assert.equal(openNote(note, [ed25519NoteVerifier(key)]).verified.length, 1);
