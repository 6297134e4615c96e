import assert from 'node:assert/strict';
import { cosignCheckpoint, parseTimestampedSignature } from '@tilewright/core/cosignature';
import { openNote } from '@tilewright/core/note';
import { ed25519CosignatureVerifier, ed25519Cosigner } from '@tilewright/core/note/cosignature';

const seed = new Uint8Array(32).fill(7); // take random bytes instead
const witness = ed25519Cosigner('witness.example', seed);
const text = 'log.example\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n';
const lines = await cosignCheckpoint(new TextEncoder().encode(text), [witness], 1_700_000_000n);

const note = new TextEncoder().encode(`${text}\n${lines}`);
const { verified } = openNote(note, [ed25519CosignatureVerifier(witness.key)]);
assert(verified[0]);
assert.equal(parseTimestampedSignature(verified[0].signature).timestamp, 1_700_000_000n);
