import type { Log } from '@tilewright/log';
import type { Surroundings } from '../machine/machine.ts';

/**
 * Freezes a log, four times of five, when nothing fails any more: it then comes to its end. Resolves with the size of its last
 * checkpoint, or with nothing where it was left alone or did not end. `owner` waits.
 */
export async function endOfLog(log: Log, around: Surroundings, owner: object): Promise<number | undefined> {
  const { oracle, schedule, chooser } = around;
  if (chooser.pick('workload', 4, 0.8) === 0) return undefined;
  let size: number | undefined;
  const end = log.freeze().then(({ publication }) => {
    size = publication.tree.size;
    oracle.ended(publication.note);
  });
  const patience = (async () => {
    for (let i = 0; i < 50 && size === undefined; i++) await schedule.sleep(owner, 100);
    if (size === undefined) oracle.breach('P8', 'nothing fails, and a freeze is not finished');
  })();
  await Promise.race([end, patience]);
  return size;
}

/** Published is less than everything, or a frozen log's last checkpoint is not. */
export function isUnfinished(log: Log, { oracle }: Surroundings): boolean {
  const { published, next, frozen } = log.status();
  return published < next || (frozen && !oracle.hasEnded);
}
