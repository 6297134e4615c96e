export type { TestWitness, TestWitnessOptions } from './start-test-witness.ts';
export { startTestWitness, testCosigner } from './start-test-witness.ts';
export type { TestLog, TestLogOptions } from './test-log.ts';
export { testLog } from './test-log.ts';
export type { WitnessFault } from './witness-fault.ts';
