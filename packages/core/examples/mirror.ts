import assert from 'node:assert/strict';
import { asTreeSize } from '@tilewright/core/bytes';
import { checkUpload, decodeUploadHeader, encodeUploadHeader, packageRanges } from '@tilewright/core/mirror';

const header = { origin: 'log.example', start: asTreeSize(250), end: asTreeSize(300), ticket: new Uint8Array(0) };
assert.deepEqual(decodeUploadHeader(encodeUploadHeader(header))?.header, header);
// Packages end at multiples of 256; each proves its entries against the tree of 300.
assert.deepEqual(
  [...packageRanges(250, 300)].map(({ start, end }) => [start, end]),
  [
    [250, 256],
    [256, 300],
  ],
);
assert.equal(checkUpload(header, undefined).status, 404);
