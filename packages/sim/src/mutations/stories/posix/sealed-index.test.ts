import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asTreeSize } from '@tilewright/core/bytes';
import { leafHash } from '@tilewright/core/hash';
import { recordEvents } from '@tilewright/log/testing';
import { dedupeFile, KEY_SIZE, LAYOUT, SqliteDedupeIndex } from '@tilewright/store-posix/testing';
import { expect, test } from 'vitest';
import { IDENTITY } from './scene.ts';

test('an index that changed after it was closed is not believed, though its database finds nothing wrong', async () => {
  const root = await mkdtemp(join(tmpdir(), 'tilewright-sealed-'));
  try {
    await mkdir(join(root, '.state'));
    const open = (): SqliteDedupeIndex => new SqliteDedupeIndex(dedupeFile(root), IDENTITY.logId, recordEvents());
    const ids = [1, 2, 3].map((n) => leafHash(Uint8Array.of(n)));
    const first = open();
    expect(await first.add(asTreeSize(0), ids)).toBe(true);
    await first.close();
    const path = join(root, LAYOUT.dedupe);
    const bytes = await readFile(path);
    const at = bytes.indexOf((ids[1] ?? new Uint8Array(1)).subarray(0, KEY_SIZE));
    expect(at).toBeGreaterThan(0);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    await writeFile(path, bytes);
    const again = open();
    expect(await again.covered()).toBe(0);
    await again.close();
  } finally {
    await rm(root, { recursive: true });
  }
});
