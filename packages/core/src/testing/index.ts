export type { Arbitraries } from './arbitraries.ts';
export { arbitraries } from './arbitraries.ts';
export { expectCode, expectCodeAsync } from './expect-code.ts';
export { naiveTileLevels, naiveTiles } from './naive-tiles.ts';
export type { NaiveTree } from './naive-tree.ts';
export { naiveConsistency, naiveInclusion, naiveRoot, naiveTree } from './naive-tree.ts';
export { naiveVerifyConsistency, naiveVerifyInclusion } from './naive-verify.ts';
export { recordLeaves } from './record-leaves.ts';
export { uniformTree } from './uniform-tree.ts';
