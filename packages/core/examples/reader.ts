import assert from 'node:assert/strict';
import { emptyRightEdge, integrate } from '@tilewright/core/builder';
import { encodeUtf8 } from '@tilewright/core/bytes';
import { hashLeaves } from '@tilewright/core/hash';
import { TreeReader } from '@tilewright/core/reader';
import { ENTRY_BUNDLES } from '@tilewright/core/tiles';

// A log to read. Take size and root from a checkpoint whose signatures you verified, see ./checkpoint and ./policy.
const leaves = {
  entries: [encodeUtf8('one'), encodeUtf8('two')],
  leafHashes: hashLeaves(encodeUtf8('onetwo'), [0, 3, 6]),
};
const { tree, writes } = integrate(emptyRightEdge(), leaves, 0);
const files = new Map<string, Uint8Array>(writes.map(({ path, bytes }) => [path, bytes]));

// A URL is read with `fetch`: 404 becomes undefined, any other failure an error of your own.
const reader = new TreeReader(async (path) => files.get(path), tree, ENTRY_BUNDLES);
for await (const { index, entry } of reader.entries()) assert.deepEqual(entry, leaves.entries[index]);
assert.equal((await reader.proveInclusion(1)).proof.length, 1);
assert.equal((await reader.proveConsistency(await reader.treeAt(1))).length, 1);

files.set('tile/entries/000.p/2', encodeUtf8('\0\x03one\0\x03TWO'));
await assert.rejects(reader.bundle(0), { code: 'mismatch' }); // the signed root does not prove that
