import { type EntryRequest, type EntryRules, prepareEntry, type VerifySignature } from '@tilewright/rekor-entry';
import { type EntryPreparer, PrepareError } from '../service/entry-preparer.ts';

/**
 * Signature checks a turn of the event loop: Node accepts about one connection a turn, so a thread that also accepts must
 * not spend its turns on more.
 */
const CHECKS_PER_TURN = 8;

/** Prepares entries on the calling thread, a few a turn. More than `maxQueued` at one time are refused as 'overloaded'. */
export function createInlinePreparer(
  rules: EntryRules,
  verify: VerifySignature,
  maxQueued: number = Number.POSITIVE_INFINITY,
): EntryPreparer {
  const waiting: (() => void)[] = [];
  let scheduled = false;

  function work(): void {
    for (const next of waiting.splice(0, CHECKS_PER_TURN)) next();
    scheduled = waiting.length > 0;
    if (scheduled) setImmediate(work);
  }

  return {
    unready: undefined,
    prepare: (request: EntryRequest) =>
      new Promise((resolve, reject) => {
        if (waiting.length >= maxQueued) {
          reject(new PrepareError('overloaded', `${waiting.length} requests wait to be checked; try again`));
          return;
        }
        waiting.push(() => {
          try {
            resolve(prepareEntry(request, rules, verify));
          } catch (error) {
            reject(error);
          }
        });
        if (scheduled) return;
        scheduled = true;
        setImmediate(work);
      }),
  };
}
