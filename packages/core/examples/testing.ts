import assert from 'node:assert/strict';
import { asTreeSize } from '@tilewright/core/bytes';
import { CoreError } from '@tilewright/core/error';
import { verifyInclusion } from '@tilewright/core/merkle';
import { expectCode, naiveInclusion, naiveRoot, recordLeaves } from '@tilewright/core/testing';

const leaves = recordLeaves(5);
const [first] = leaves;
assert(first);
const tree = { size: asTreeSize(5), root: naiveRoot(leaves) };
verifyInclusion(first, 0, tree, naiveInclusion(leaves, 0));
expectCode(() => verifyInclusion(first, 1, tree, naiveInclusion(leaves, 0)), CoreError, 'proof-invalid');
