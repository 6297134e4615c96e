import { expect, inject, test } from 'vitest';
import { measureSizes, sizesTable } from './measure-sizes.ts';
import { ED25519_VERIFICATION, MEASURED_BUNDLES } from './measured-bundles.ts';

const project = inject('project');

test('bundles of the packed package keep within their limits, and WebAssembly comes only where hashing is asked for', async () => {
  const sizes = await measureSizes(project, MEASURED_BUNDLES);
  expect(sizes.map(({ name }) => name)).toEqual(MEASURED_BUNDLES.map(({ name }) => name));
  for (const { name, problem, largest } of sizes) expect(problem, `${name}: ${largest.join(', ')}`).toBeUndefined();
  expect(sizes.filter(({ limit }) => limit !== undefined)).toHaveLength(2);
  expect(sizesTable(sizes)).toContain('note/ml-dsa');
});

test('a bundle over its limit is refused with what is in it; so is one with WebAssembly that should have none', async () => {
  const tight = { ...ED25519_VERIFICATION, limit: 1000 };
  const pure = { ...ED25519_VERIFICATION, wasm: false };
  const hollow = { name: 'nothing', source: 'export const nothing = 0;', wasm: true };
  const sizes = await measureSizes(project, [tight, pure, hollow]);
  expect(sizes.map(({ problem }) => problem)).toEqual([
    expect.stringMatching(/^\d+ bytes after gzip: \d+ more than the limit$/),
    'it brings the WebAssembly kernel',
    'the WebAssembly kernel is missing',
  ]);
  expect(sizes[0]?.largest[0]).toMatch(/^\d+ @(tilewright|noble)\/\S+\.js$/);
});
