export { brokenEdgeTile, levelsFromTiles, rightEdgeFromTiles } from './edge-from-tiles.ts';
export type { Integration, Leaves, ObjectWrite } from './integrate.ts';
export { integrate, joinLeaves } from './integrate.ts';
export type { NodeWindow } from './node-window.ts';
export { nodeAt, nodesView } from './node-window.ts';
export { ProofTable } from './proof-table.ts';
export type { RightEdge } from './right-edge.ts';
export { emptyRightEdge, treeOf } from './right-edge.ts';
