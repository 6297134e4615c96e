import { asHash, asLeafIndex, decodeBase64, encodeUtf8 } from '@tilewright/core/bytes';
import { openCheckpoint } from '@tilewright/core/checkpoint';
import { EMPTY_ROOT, leafHash } from '@tilewright/core/hash';
import { verifyInclusion } from '@tilewright/core/merkle';
import { expect, test } from 'vitest';
import { type EntryJson, entryRequest, postEntry } from '../testing/entry-request.ts';
import { runCli } from '../testing/run-cli.ts';
import { logPlace, serveHere } from '../testing/running-log.ts';

test.each([1, 3])(
  '260 submissions, 50 at a time, and one more, to %i threads: indexes contiguous, proofs hold, tiles whole',
  async (threads) => {
    const place = await logPlace();
    await serveHere(place, `--http-workers=${threads}`);
    const bodies = Array.from({ length: 260 }, (_, i) => entryRequest(`entry ${i}`));
    const entries: EntryJson[] = [];
    const lanes = Array.from({ length: 50 }, async () => {
      for (let body = bodies.pop(); body !== undefined; body = bodies.pop()) {
        const response = await postEntry(place.url, body);
        expect(response.status).toBe(201);
        entries.push((await response.json()) as EntryJson);
      }
    });
    await Promise.all(lanes);
    entries.push((await (await postEntry(place.url, entryRequest('one more'))).json()) as EntryJson);
    expect(entries.at(-1)?.logIndex).toBe('260');
    expect(entries.map(({ logIndex }) => Number(logIndex)).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 261 }, (_, i) => i),
    );
    for (const { logIndex, canonicalizedBody, inclusionProof } of entries) {
      const tree = openCheckpoint(encodeUtf8(inclusionProof.checkpoint.envelope), 'localhost', place.key.verifier);
      const proof = inclusionProof.hashes.map((hash) => asHash(decodeBase64(hash)));
      verifyInclusion(leafHash(decodeBase64(canonicalizedBody)), asLeafIndex(Number(logIndex)), tree, proof);
      expect(String(tree.size)).toBe(inclusionProof.treeSize);
      expect(tree.root).not.toEqual(EMPTY_ROOT);
    }
    const size = async (path: string): Promise<number | undefined> => {
      const response = await fetch(`${place.url}/${path}`);
      return response.status === 200 ? (await response.arrayBuffer()).byteLength : undefined;
    };
    expect(await size('tile/0/000')).toBe(256 * 32);
    expect(await size('tile/0/001.p/5')).toBe(5 * 32);
    expect(await size('tile/1/000.p/1')).toBe(32);
    expect(await size('tile/entries/000')).toBeGreaterThan(256 * 400);
    for (const log of [place.url, `${place.url}/api/v2`, place.storage]) {
      const { status, out } = await runCli(['log', 'fsck', log, '--vkey', place.key.vkey]);
      expect([status, out]).toEqual([0, expect.stringContaining('261 entries')]);
    }
  },
);
