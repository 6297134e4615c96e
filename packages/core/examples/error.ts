import assert from 'node:assert/strict';
import { asHash } from '@tilewright/core/bytes';
import { CoreError } from '@tilewright/core/error';

try {
  asHash(new Uint8Array(31));
} catch (error) {
  assert(error instanceof CoreError && error.code === 'malformed');
}
