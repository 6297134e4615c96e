import { createHash } from 'node:crypto';
import { LAYOUT, type SimulatedDisk } from '@tilewright/store-posix/testing';
import { ROOT } from '../../../machine/disk-view.ts';
import type { Loss } from './losses.ts';
import type { Moment } from './moments.ts';
import type { Trial } from './trials.ts';

/**
 * Trials in which power is lost at these moments, in each of these ways, and then everybody goes on. Of moments that
 * leave the same bytes behind only the last is tried: it comes after the most promises.
 */
export function powerCuts(moments: readonly Moment[], losses: readonly Loss[]): readonly Trial[] {
  const trials = new Map<string, Trial>();
  for (const { name, scene } of moments) {
    for (const loss of losses) {
      const left = scene.disk.clone();
      left.powerLoss(loss.begin());
      const run = (): Promise<void> => {
        const after = scene.copy();
        return after.play(async () => {
          await after.losePower(loss.begin());
          await after.comeToRest();
        });
      };
      trials.set(bytesOf(left), { name: `${name}: ${loss.name}`, run });
    }
  }
  return [...trials.values()];
}

/** A number for everything on a disk but what belongs to nobody after a crash. */
function bytesOf(disk: SimulatedDisk): string {
  const sum = createHash('sha256');
  for (const path of disk.files(ROOT)) {
    if (path.startsWith(`${ROOT}/${LAYOUT.temp}/`) || path === `${ROOT}/${LAYOUT.owner}`) continue;
    sum.update(path).update(disk.durableBytes(path) ?? '');
  }
  return sum.digest('base64');
}
