export { emptyMemoryState, type MemoryState } from './memory-state.ts';
export { type MemoryStore, openMemoryStore } from './open-memory-store.ts';
