import type { FuzzRandom } from '@tilewright/fuzz';
import type { SimulatedDisk } from '@tilewright/store-posix/testing';
import { drawDamage } from './damages.ts';
import { filesOf, type Work } from './directory-work.ts';
import type { LogImage } from './log-images.ts';

/** A directory that something happened to. */
export interface DamagedDirectory {
  readonly disk: SimulatedDisk;
  /** Whether checksums were made anew: then entries may be there that nobody wrote. */
  readonly forged: boolean;
  /** Paths that were changed, relative to the log's directory. */
  readonly touched: ReadonlySet<string>;
  readonly how: readonly string[];
}

/** Does one to three things to a copy of the image's disk, durably. */
export async function damageDirectory(
  random: FuzzRandom,
  image: LogImage,
  images: readonly LogImage[],
): Promise<DamagedDirectory> {
  const disk = image.disk.clone();
  const work: Work = { disk, process: disk.process(), random, images, touched: new Set(), forged: false, taken: 0 };
  const how: string[] = [];
  for (let left = random.pick([1, 1, 1, 2, 3]); left > 0 && filesOf(disk).length > 0; left--) {
    const [name, act] = drawDamage(random);
    await act(work);
    how.push(name);
  }
  disk.powerLoss(1);
  return { disk, forged: work.forged, touched: work.touched, how };
}
