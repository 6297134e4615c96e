import { readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CommandResult, runCommand } from '../server/run-command.ts';

/** One byte of one served file. */
export interface Flip {
  readonly path: string;
  readonly offset: number;
}

/** What `log fsck` said about one flipped byte. */
export interface FlipResult extends Flip {
  readonly kind: string;
  /** Exit 1, and the file is named. */
  readonly found: boolean;
  readonly result: CommandResult;
}

/** Flips one bit of a byte, runs the check, and puts the byte back, modification time included. */
export async function tryFlip(
  directory: string,
  kind: string,
  flip: Flip,
  fsck: readonly [string, ...string[]],
): Promise<FlipResult> {
  const file = join(directory, flip.path);
  const original = await readFile(file);
  const times = await stat(file);
  const damaged = Buffer.from(original);
  damaged[flip.offset] = (damaged[flip.offset] ?? 0) ^ 1;
  try {
    await writeFile(file, damaged);
    const result = await runCommand(fsck);
    return { ...flip, kind, found: result.code === 1 && result.output.includes(flip.path), result };
  } finally {
    await writeFile(file, original);
    await utimes(file, times.atime, times.mtime);
  }
}

/** The first and last byte of one file of each kind, and `random` more bytes of files anywhere in the kind. */
export async function chooseFlips(
  directory: string,
  kinds: ReadonlyMap<string, readonly string[]>,
  random: () => number,
  more: number,
): Promise<{ readonly kind: string; readonly flip: Flip }[]> {
  const flips: { kind: string; flip: Flip }[] = [];
  for (const [kind, paths] of kinds) {
    const pick = (): string => paths[Math.floor(random() * paths.length)] ?? '';
    const first = pick();
    const last = (await stat(join(directory, first))).size - 1;
    flips.push({ kind, flip: { path: first, offset: 0 } }, { kind, flip: { path: first, offset: last } });
    for (let i = 0; i < more; i++) {
      const path = pick();
      const { size } = await stat(join(directory, path));
      flips.push({ kind, flip: { path, offset: Math.floor(random() * size) } });
    }
  }
  return flips;
}
