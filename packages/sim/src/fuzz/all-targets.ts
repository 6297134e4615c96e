import { dedupeIndexTarget } from './dedupe/dedupe-index-target.ts';
import { recentKeysTarget } from './dedupe/recent-keys-target.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import { recoveryTarget } from './recovery/recovery-target.ts';
import { recordTarget } from './segment/record-target.ts';
import { segmentHeaderTarget } from './segment/segment-header-target.ts';
import { segmentNameTarget } from './segment/segment-name-target.ts';
import { segmentScanTarget } from './segment/segment-scan-target.ts';
import { walTarget } from './segment/wal-target.ts';
import { checkpointTarget } from './state/checkpoint-target.ts';
import { identityTarget } from './state/identity-target.ts';
import { lockFileTarget } from './state/lock-file-target.ts';
import { ownerTarget } from './state/owner-target.ts';
import { registerFileTarget } from './state/register-file-target.ts';
import { registerSlotTarget } from './state/register-slot-target.ts';

/** Everything that store-posix reads from a disk, from single blocks to whole directories. */
export function allTargets(): readonly FuzzTarget[] {
  return [
    segmentNameTarget(),
    segmentHeaderTarget(),
    recordTarget(),
    segmentScanTarget(),
    walTarget(),
    registerSlotTarget(),
    registerFileTarget(),
    checkpointTarget(),
    identityTarget(),
    ownerTarget(),
    lockFileTarget(),
    recentKeysTarget(),
    dedupeIndexTarget(),
    recoveryTarget(),
  ];
}

/** The target of this name. */
export function targetNamed(name: string): FuzzTarget | undefined {
  return allTargets().find((target) => target.name === name);
}

/** How many inputs of a target a run of `inputs` takes: at least one. */
export function inputsOf({ perMillion }: FuzzTarget, inputs: number): number {
  return Math.max(1, Math.ceil((inputs * perMillion) / 1_000_000));
}
