import type { FuzzTarget } from '@tilewright/fuzz';
import { dedupeIndexTarget } from './dedupe/dedupe-index-target.ts';
import { recentKeysTarget } from './dedupe/recent-keys-target.ts';
import { recoveryTarget } from './recovery/recovery-target.ts';
import { recordTarget } from './segment/record-target.ts';
import { segmentHeaderTarget } from './segment/segment-header-target.ts';
import { segmentNameTarget } from './segment/segment-name-target.ts';
import { segmentScanTarget } from './segment/segment-scan-target.ts';
import { walTarget } from './segment/wal-target.ts';
import { checkpointTarget } from './state/checkpoint-target.ts';
import { frozenMarkTarget } from './state/frozen-mark-target.ts';
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
    frozenMarkTarget(),
    ownerTarget(),
    lockFileTarget(),
    recentKeysTarget(),
    dedupeIndexTarget(),
    recoveryTarget(),
  ];
}
