import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { WASM_KERNEL } from '../src/hash/gen/wasm-kernel.ts';
import { KERNEL_FOLDER, kernelFiles } from './generate-kernels.ts';
import { initialState, roundConstants } from './kernels/sha256-constants.ts';

test('the kernels in the sources are what the generator makes', async () => {
  const files = await kernelFiles();
  expect([...files.keys()]).toEqual(['javascript-kernel.ts', 'wasm-kernel.ts']);
  for (const [name, text] of files) expect(await readFile(new URL(name, KERNEL_FOLDER), 'utf8')).toBe(text);
});

test('older Chromes compile the module on the main thread of a page: it has at most 4 KiB', () => {
  expect(Buffer.from(WASM_KERNEL, 'base64').length).toBeLessThanOrEqual(4096);
});

test('the constants begin and end as in FIPS 180-4', () => {
  const words = (numbers: readonly number[]) => numbers.map((n) => (n >>> 0).toString(16).padStart(8, '0'));
  expect(words(roundConstants()).slice(0, 4)).toEqual(['428a2f98', '71374491', 'b5c0fbcf', 'e9b5dba5']);
  expect(words(roundConstants()).slice(-2)).toEqual(['bef9a3f7', 'c67178f2']);
  expect(words(initialState())).toEqual(
    '6a09e667 bb67ae85 3c6ef372 a54ff53a 510e527f 9b05688c 1f83d9ab 5be0cd19'.split(' '),
  );
});
