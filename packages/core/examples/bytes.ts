import assert from 'node:assert/strict';
import { decodeBase64, encodeBase64, encodeUtf8, parseDecimal } from '@tilewright/core/bytes';

assert.equal(encodeBase64(encodeUtf8('hello')), 'aGVsbG8=');
assert.throws(() => decodeBase64('aGVsbG9='), { code: 'malformed' }); // an unused bit is set
assert.throws(() => parseDecimal('007'), { code: 'malformed' });
