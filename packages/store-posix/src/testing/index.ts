export { checkpointOf, readStoredCheckpoint } from '../checkpoint/stored-checkpoint.ts';
export { type DedupeFile, dedupeFile, dedupeInMemory } from '../dedupe/dedupe-file.ts';
export { KEY_SIZE, LeafTable } from '../dedupe/leaf-table.ts';
export { checkRecent, type RecentKeys } from '../dedupe/recent-keys.ts';
export { SqliteDedupeIndex } from '../dedupe/sqlite-dedupe-index.ts';
export { readFrozenMark } from '../directory/frozen-mark.ts';
export { decodeIdentity, encodeIdentity, readIdentity, requireIdentity } from '../directory/identity.ts';
export { LAYOUT } from '../directory/layout.ts';
export { describeOwner, takeLock } from '../directory/owner.ts';
export { drive } from '../faults/drive.ts';
export {
  adopted,
  adoptedHalfWay,
  checkpointPutBack,
  frozenForGood,
  identicalButUnsynced,
  registerGone,
} from '../faults/small-stories.ts';
export { readWal, type WalReading } from '../recovery/read-wal.ts';
export { Register } from '../register/register.ts';
export {
  decodeSlot,
  encodeRegister,
  encodeSlot,
  type RegisterKind,
  type RegisterSlot,
  type RegisterValue,
} from '../register/register-codec.ts';
export {
  decodeRecord,
  encodeRecord,
  entriesOf,
  recordLength,
  type SegmentRecord,
  type StoredRecord,
} from '../segment/record-codec.ts';
export { type SegmentScan, scanSegment } from '../segment/scan-segment.ts';
export {
  decodeSegmentHeader,
  encodeSegmentHeader,
  parseSegmentName,
  type SegmentHeader,
  segmentName,
} from '../segment/segment-header.ts';
export { SimulatedClock } from './simulated-clock.ts';
export { SimulatedDisk } from './simulated-disk.ts';
export { type Fault, type FsOperation, type Intercept, ProcessEnded } from './simulated-fault.ts';
export { BLOCK_SIZE } from './simulated-inode.ts';
export { SimulatedProcess } from './simulated-process.ts';
export { type SimulatedWorld, simulatedWorld } from './simulated-world.ts';
