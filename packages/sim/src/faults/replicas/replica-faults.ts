import { commitAppliesAfterResolveRead } from './appends/commit-applies-after-resolve-read.ts';
import { freezeVersusAppend } from './appends/freeze-versus-append.ts';
import { lostWakeUp } from './appends/lost-wake-up.ts';
import { tokenRowIntegratedFirst } from './appends/token-row-integrated-first.ts';
import { unknownOutcomeThenRetry } from './appends/unknown-outcome-then-retry.ts';
import { followerStalled } from './dedupe/follower-stalled.ts';
import { forgottenWaiter } from './dedupe/forgotten-waiter.ts';
import { ownPutReportedLost } from './publishing/412-after-own-put.ts';
import { proofThatCannotBeRead } from './publishing/proof-that-cannot-be-read.ts';
import { replicasQueueForOneSlot } from './publishing/replicas-queue-for-one-slot.ts';
import { republishAfterFreeze } from './publishing/republish-after-freeze.ts';
import { stalledPublisherRefreshesGeneration } from './publishing/stalled-publisher-refreshes-generation.ts';
import { twoPublishersSplitQuorum } from './publishing/two-publishers-split-quorum.ts';
import { witnessAheadAfterCrash } from './publishing/witness-ahead-after-crash.ts';
import type { Fault } from './stage/shared-store.ts';
import { conflictThenNothing } from './storage/412-then-404.ts';
import { bucketEmptied } from './storage/bucket-emptied.ts';
import { gcVersusSlowIntegrator } from './storage/gc-versus-slow-integrator.ts';
import { restoredDatabase } from './storage/restored-database.ts';
import { rollingUpgradeTwoVersions } from './storage/rolling-upgrade-two-versions.ts';
import { seqDeletedMidRead } from './storage/seq-deleted-mid-read.ts';

/** Every named fault of a log with several replicas. Whoever drives a shared store plays them all on it. */
export const REPLICA_FAULTS: readonly Fault[] = [
  commitAppliesAfterResolveRead,
  tokenRowIntegratedFirst,
  unknownOutcomeThenRetry,
  freezeVersusAppend,
  lostWakeUp,
  ownPutReportedLost,
  stalledPublisherRefreshesGeneration,
  republishAfterFreeze,
  witnessAheadAfterCrash,
  twoPublishersSplitQuorum,
  replicasQueueForOneSlot,
  proofThatCannotBeRead,
  restoredDatabase,
  bucketEmptied,
  conflictThenNothing,
  seqDeletedMidRead,
  gcVersusSlowIntegrator,
  rollingUpgradeTwoVersions,
  followerStalled,
  forgottenWaiter,
];
