export { ahead } from './ahead.ts';
export type { Fetched } from './fetch-tile.ts';
export { fetchEntries, fetchTile } from './fetch-tile.ts';
export { mayBePruned } from './minimum-index.ts';
export type { ReadObject, ReadSignal } from './read-object.ts';
export type { EntriesOptions, ProvenEntry, ProvenLeaf, ProveOptions, TreeReaderOptions } from './reader-types.ts';
export { TreeReader } from './tree-reader.ts';
