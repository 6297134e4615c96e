export { decodeSlot } from '../register/register-codec.ts';
export { SimulatedClock } from './simulated-clock.ts';
export { SimulatedDisk } from './simulated-disk.ts';
export { type Fault, type FsOperation, type Intercept, ProcessEnded } from './simulated-fault.ts';
export { BLOCK_SIZE } from './simulated-inode.ts';
export { SimulatedProcess } from './simulated-process.ts';
export { type SimulatedWorld, simulatedWorld } from './simulated-world.ts';
