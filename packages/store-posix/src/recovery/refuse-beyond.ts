import { bundlePath, tileShape } from '@tilewright/core/tiles';
import type { Fs } from '../fs/fs.ts';
import { PosixError } from '../posix-error.ts';

/**
 * Refuses a log that holds entries behind the last one that was sequenced: they are of a newer copy of it, and going on
 * would give their indexes to others. It is enough to look where the next entry goes: a log that is larger has more in
 * that very bundle, in part or in full.
 *
 * @throws PosixError 'corrupt'
 */
export async function refuseBeyond(fs: Fs, root: string, next: number, tileHeight: number): Promise<void> {
  const shape = tileShape(tileHeight);
  const { width } = shape;
  const index = Math.floor(next / width);
  const full = bundlePath({ index, width }, shape);
  const partials = ((await fs.readdir(`${root}/${full}.p`)) ?? []).filter((name) => /^[1-9][0-9]{0,2}$/.test(name));
  const isFull = (await fs.stat(`${root}/${full}`)) !== undefined;
  const held = isFull ? width : partials.reduce((most, name) => Math.max(most, Number(name)), 0);
  if (index * width + held <= next) return;
  const path = isFull ? full : `${full}.p/${held}`;
  throw new PosixError(
    'corrupt',
    `${path} holds entries up to ${index * width + held}, and only ${next} are sequenced: parts of this directory come from different copies or times. Going on would fork the log: put the whole directory back as it was last, or start a new log under another origin`,
    { path },
  );
}
