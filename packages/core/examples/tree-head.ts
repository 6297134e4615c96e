import assert from 'node:assert/strict';
import { decodeBase64 } from '@tilewright/core/bytes';
import { parseTreeHeadSignature, TREE_HEAD_ALGORITHM } from '@tilewright/core/tree-head';

// What follows the key id in a signature line of a static-CT log.
const payload = decodeBase64(
  'AAABi8/laHsEAwBHMEUCIGYrzoVG21EoOdMHV2st/cqBW2F21HhFuiSCrUZMFa5vAiEA1kcSQsw28l/iXJXXtngXaWVwmNkMyVR6Mu7FUXhQY74=',
);
const { timestamp, algorithm } = parseTreeHeadSignature(payload);
assert.equal(timestamp, 1_700_000_000_123n); // milliseconds
assert.equal(algorithm, TREE_HEAD_ALGORITHM.ecdsa);
