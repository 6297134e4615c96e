import assert from 'node:assert/strict';
import { asTreeSize, encodeUtf8 } from '@tilewright/core/bytes';
import { formatCheckpoint } from '@tilewright/core/checkpoint';
import { EMPTY_ROOT } from '@tilewright/core/hash';
import { signNote } from '@tilewright/core/note';
import { ed25519NoteSigner, ed25519NoteVerifier } from '@tilewright/core/note/ed25519';
import { checkAddCheckpoint, formatAddCheckpoint } from '@tilewright/core/witness';

const signer = ed25519NoteSigner('log.example', new Uint8Array(32).fill(7));
const verifiers = [ed25519NoteVerifier(signer.key)];
const empty = { size: asTreeSize(0), root: EMPTY_ROOT };
const text = formatCheckpoint({ origin: 'log.example', ...empty, extensions: [] });
const body = formatAddCheckpoint({ oldSize: empty.size, proof: [], checkpoint: await signNote(text, [signer]) });

// A witness looks the log up, decides, stores the new tree, and only then cosigns.
const verdict = checkAddCheckpoint(body, (origin) =>
  origin === 'log.example' ? { verifiers, latest: empty } : undefined,
);
assert.equal(verdict.status, 200);
assert.equal(checkAddCheckpoint(encodeUtf8('old 07\n'), () => undefined).status, 400);
