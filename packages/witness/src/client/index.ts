export { WitnessError, type WitnessErrorCode } from '../witness-error.ts';
export { fetchTransport } from './fetch-transport.ts';
export { type ReachableWitness, readWitnessPolicy, type WitnessPolicy } from './read-policy.ts';
export { MAX_REPLY_SIZE, type WitnessReply, type WitnessTransport } from './transport.ts';
export type { WitnessOutcome, WitnessReport } from './witness-events.ts';
export { type GroupAnswer, type GroupRequest, WitnessGroup, type WitnessGroupOptions } from './witness-group.ts';
