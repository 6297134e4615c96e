import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeBase64 } from '../bytes/base64.ts';
import { asHash } from '../bytes/hash-value.ts';
import { encodeHex } from '../bytes/hex.ts';
import { concatBytes } from '../bytes/sequences.ts';
import { asTreeSize } from '../bytes/tree-numbers.ts';
import { encodeUtf8 } from '../bytes/utf8.ts';
import { CoreError } from '../core-error.ts';
import { leafHash } from '../hash/tree-hash.ts';
import { proveSubtree } from '../merkle/subtree-proof.ts';
import type { Tree } from '../merkle/tree.ts';
import { expectCode } from '../testing/expect-code.ts';
import { naiveTree } from '../testing/naive-tree.ts';
import { checkUpload, type MirroredLog, uploadStatus } from './check-upload.ts';
import { decodePackage, encodePackage, packageRanges, verifyPackage } from './entry-package.ts';
import { formatMirrorInfo, parseMirrorInfo } from './mirror-info.ts';
import { decodeUploadHeader, encodeUploadHeader } from './upload-header.ts';

interface Upload {
  readonly upload_start: number;
  readonly upload_end: number;
  readonly ticket: string;
  readonly packages: number | null;
  readonly len: number;
  readonly sha256hex: string;
}
const vectors: { readonly add_entries: readonly Upload[]; readonly mirror_info: { readonly body: string } } =
  JSON.parse(readFileSync(new URL('../../../../testdata/c2sp-vectors.json', import.meta.url), 'utf8'));
const ORIGIN = 'log.example/c2sp';
const entry = (i: number): Uint8Array => encodeUtf8(`record ${i}`);
const leaves = Array.from({ length: 70_000 }, (_, i) => leafHash(entry(i)));
const all = naiveTree(leaves);
const treeOf = (size: number): Tree => ({ size: asTreeSize(size), root: all.root(0, size) });

function packagesOf(start: number, end: number, most: number): Uint8Array[] {
  return [...packageRanges(start, end)].slice(0, most).map((range) => {
    const entries = Array.from({ length: range.end - range.start }, (_, i) => entry(range.start + i));
    return encodePackage({ entries, proof: proveSubtree(range.subtree, range.end, end, (lo, hi) => all.root(lo, hi)) });
  });
}

test.each(vectors.add_entries)(
  'the upload of $upload_start to $upload_end has the bytes that it must have',
  (upload) => {
    const { upload_start: from, upload_end: to } = upload;
    const header = {
      origin: ORIGIN,
      start: asTreeSize(from),
      end: asTreeSize(to),
      ticket: decodeBase64(upload.ticket),
    };
    const body = concatBytes(
      encodeUploadHeader(header),
      ...packagesOf(from, to, upload.packages ?? Number.POSITIVE_INFINITY),
    );
    expect(body.length).toBe(upload.len);
    expect(createHash('sha256').update(body).digest('hex')).toBe(upload.sha256hex);
    const decoded = decodeUploadHeader(body);
    expect(decoded?.header).toEqual(header);
    let at = decoded?.size ?? 0;
    for (const range of packageRanges(from, to)) {
      const next = decodePackage(body.subarray(at), range);
      if (next === undefined) break;
      verifyPackage(range, next.contents, leaves.slice(range.subtree, range.start), treeOf(to));
      at += next.size;
    }
    expect(at).toBe(body.length);
  },
);

test('N35 packages end at multiples of 256, and the subtree begins at one', () => {
  expect([...packageRanges(255, 513)]).toEqual([
    { start: 255, end: 256, subtree: 0 },
    { start: 256, end: 512, subtree: 256 },
    { start: 512, end: 513, subtree: 512 },
  ]);
  expect([...packageRanges(5, 5)]).toEqual([]);
  expectCode(() => [...packageRanges(6, 5)], CoreError, 'out-of-range');
});

test('N40 a header or package that is cut short asks for more, wherever it is cut', () => {
  const header = encodeUploadHeader({
    origin: ORIGIN,
    start: asTreeSize(250),
    end: asTreeSize(300),
    ticket: new Uint8Array(3),
  });
  for (let cut = 0; cut < header.length; cut++) expect(decodeUploadHeader(header.subarray(0, cut))).toBeUndefined();
  const [range = { start: 0, end: 0, subtree: 0 }] = packageRanges(250, 300);
  const [bytes = new Uint8Array(0)] = packagesOf(250, 300, 1);
  for (let cut = 0; cut < bytes.length; cut++) expect(decodePackage(bytes.subarray(0, cut), range)).toBeUndefined();
  expect(decodePackage(bytes, range)?.size).toBe(bytes.length);
});

test('MR-6 a package that was changed anywhere is not believed', () => {
  const [, range = { start: 0, end: 0, subtree: 0 }] = packageRanges(250, 300);
  const bytes = packagesOf(250, 300, 2)[1] ?? new Uint8Array(0);
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
      const changed = bytes.slice();
      changed[at] = ((changed[at] ?? 0) + by) % 256;
      expect(() => {
        const decoded = decodePackage(changed, range);
        if (decoded === undefined || decoded.size !== bytes.length) throw new CoreError('malformed', 'cut');
        verifyPackage(range, decoded.contents, [], treeOf(300));
      }).toThrow(CoreError);
    }),
    { numRuns: 300 },
  );
});

test('a package of another place, or before other leaves, is not believed', () => {
  const [range = { start: 0, end: 0, subtree: 0 }] = packageRanges(250, 300);
  const decoded = decodePackage(packagesOf(250, 300, 1)[0] ?? new Uint8Array(0), range);
  if (decoded === undefined) throw new Error('the package is whole');
  const before = leaves.slice(0, 250);
  verifyPackage(range, decoded.contents, before, treeOf(300));
  expectCode(() => verifyPackage(range, decoded.contents, before.slice(1), treeOf(300)), CoreError, 'mismatch');
  const other = [...before.slice(1), asHash(new Uint8Array(32))];
  expectCode(() => verifyPackage(range, decoded.contents, other, treeOf(300)), CoreError, 'proof-invalid');
  expectCode(() => verifyPackage(range, decoded.contents, before, treeOf(301)), CoreError, 'proof-invalid');
});

test('MR-4 an upload that goes back, names nobody, or counts beyond what can be counted is malformed', () => {
  const bytes = encodeUploadHeader({
    origin: 'a',
    start: asTreeSize(3),
    end: asTreeSize(5),
    ticket: new Uint8Array(0),
  });
  const back = bytes.slice();
  back[10] = 9;
  expectCode(() => decodeUploadHeader(back), CoreError, 'malformed');
  const large = bytes.slice();
  large[3] = 0x20;
  expectCode(() => decodeUploadHeader(large), CoreError, 'size-unsupported');
  large[3] = 0x80;
  expectCode(() => decodeUploadHeader(large), CoreError, 'malformed');
  expectCode(() => decodeUploadHeader(new Uint8Array(20)), CoreError, 'malformed');
});

test('MR-7 where to go on is written as it is read', () => {
  const body = encodeUtf8(vectors.mirror_info.body);
  const info = parseMirrorInfo(body);
  expect(info).toEqual({ pending: 300, next: 250, ticket: new Uint8Array(0) });
  expect(encodeHex(formatMirrorInfo(info))).toBe(encodeHex(body));
  for (const bad of ['300\n250\n', '300\n250\n\n\n', '0300\n250\n\n', '300\n250\n*\n', '300\r\n250\n\n', '']) {
    expectCode(() => parseMirrorInfo(encodeUtf8(bad)), CoreError, 'malformed');
  }
});

test('an upload is judged by its header alone', () => {
  const log: MirroredLog = { pending: [treeOf(300), treeOf(5000)], mirrored: asTreeSize(256), next: asTreeSize(4000) };
  const header = (start: number, end: number) => ({
    origin: ORIGIN,
    start: asTreeSize(start),
    end: asTreeSize(end),
    ticket: new Uint8Array(0),
  });
  expect(checkUpload(header(4000, 5000), log)).toEqual({ status: 'go-on', tree: treeOf(5000) });
  expect(checkUpload(header(2048, 5000), log)).toMatchObject({ status: 'go-on' });
  expect(checkUpload(header(0, 5000), log)).toMatchObject({ status: 409, pending: 5000 });
  expect(checkUpload(header(4001, 5000), log)).toMatchObject({ status: 409, pending: 5000 });
  expect(checkUpload(header(4000, 4999), log)).toMatchObject({ status: 409, pending: 5000 });
  expect(checkUpload(header(0, 300), { ...log, mirrored: asTreeSize(301) })).toMatchObject({ status: 409 });
  expect(checkUpload(header(0, 1), { ...log, pending: [] })).toMatchObject({ status: 422 });
  expect(checkUpload(header(0, 1), undefined)).toMatchObject({ status: 404 });
});

test('N36 a prefix is accepted, nothing is not', () => {
  const header = { origin: ORIGIN, start: asTreeSize(0), end: asTreeSize(300), ticket: new Uint8Array(0) };
  expect(uploadStatus(header, { packages: 2, next: 300 })).toBe(200);
  expect(uploadStatus(header, { packages: 1, next: 256 })).toBe(202);
  expect(uploadStatus(header, { packages: 0, next: 0 })).toBe(400);
});
