import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const { exports } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

/** Everything that importing a file loads: files of this package, and other packages by the names they are imported by. */
function loadedBy(entry: string): { readonly files: Set<string>; readonly packages: Set<string> } {
  const files = new Set<string>();
  const packages = new Set<string>();
  const visit = (file: string): void => {
    const name = relative(root, file);
    if (files.has(name)) return;
    files.add(name);
    const source = readFileSync(file, 'utf8');
    for (const [, keyword = '', target = ''] of source.matchAll(/^(?:import|export)\b([^;]*?)\bfrom '([^']+)';/gm)) {
      if (/^\s+type\b/.test(keyword)) continue;
      if (target.startsWith('.')) visit(fileURLToPath(new URL(target, `file://${file}`)));
      else packages.add(target);
    }
  };
  visit(`${root}${entry.slice(2)}`);
  return { files, packages };
}

const BACKEND = '#sha256-backend';
/** What each type may load beside the note format: the smallest part of a library that holds its algorithm. */
const TYPES: Readonly<Record<string, readonly string[]>> = {
  './note/ed25519': ['@noble/curves/ed25519.js', '@noble/curves/utils.js', '@noble/hashes/sha2.js'],
  './note/ecdsa': ['@noble/curves/nist.js'],
  './note/cosignature': ['@noble/curves/ed25519.js', '@noble/curves/utils.js', '@noble/hashes/sha2.js'],
  './note/rfc6962': ['@noble/curves/nist.js'],
  './note/ml-dsa': ['@noble/post-quantum/ml-dsa.js'],
  './note/rsa': [],
};

test('every signature type is a subpath of its own', () => {
  const subpaths = Object.keys(exports).filter((subpath) => subpath.startsWith('./note/'));
  expect(subpaths.toSorted()).toEqual(Object.keys(TYPES).toSorted());
});

test.each(Object.entries(TYPES))('SN-14: importing %s brings no other type', (subpath, allowed) => {
  const { files, packages } = loadedBy(exports[subpath]);
  expect([...packages].toSorted()).toEqual([BACKEND, ...allowed].toSorted());
  for (const other of Object.keys(TYPES)) {
    if (other !== subpath) expect([...files], other).not.toContain(exports[other].slice(2));
  }
});

test.each([
  './note',
  './checkpoint',
  './cosignature',
  './tree-head',
  './tiles',
  './reader',
  './builder',
  './static-ct',
])('%s brings no signature algorithm', (subpath) => {
  expect([...loadedBy(exports[subpath]).packages]).toEqual([BACKEND]);
});

test('the search sees what is imported', () => {
  const { files, packages } = loadedBy(exports['./note/ml-dsa']);
  expect(packages).toContain('@noble/post-quantum/ml-dsa.js');
  expect(files).toContain('src/cosignature/subtree-v1.ts');
  expect(files).toContain('src/hash/tree-hash.ts');
});
