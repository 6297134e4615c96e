import { asTreeSize, encodeUtf8 } from '@tilewright/core/bytes';
import { leafHash } from '@tilewright/core/hash';
import { CompactRange, verifyConsistency, verifyInclusion } from '@tilewright/core/merkle';

const [a, b] = [leafHash(encodeUtf8('a')), leafHash(encodeUtf8('b'))];
const one = CompactRange.empty().append(a);
const two = one.append(b);
const tree = { size: asTreeSize(2), root: two.root() };

verifyInclusion(b, 1, tree, [a]); // throws unless the proof leads to the root
verifyConsistency({ size: asTreeSize(1), root: one.root() }, tree, [b]);
