import { spawnSync } from 'node:child_process';
import fs from 'node:fs';

/** Runs a command of the system to its end. Throws what it said when it fails. */
export function runSystem(command: string, args: readonly string[], descriptor?: number): string {
  const extra = descriptor === undefined ? [] : [descriptor];
  const { error, status, stdout, stderr } = spawnSync(command, args, {
    stdio: ['ignore', 'pipe', 'pipe', ...extra],
    encoding: 'utf8',
    timeout: 20_000,
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr.trim() || `exit ${status}`}`);
  return stdout;
}

/** Makes an empty ext4 of so many bytes, complete: nothing is left to be written in the background. */
export function makeExt4(image: string, bytes: number): void {
  fs.writeFileSync(image, '');
  fs.truncateSync(image, bytes);
  const complete = 'nodiscard,lazy_itable_init=0,lazy_journal_init=0';
  runSystem('mkfs.ext4', ['-q', '-F', '-b', '4096', '-J', 'size=4', '-E', complete, image]);
}

/** Mounts an image over a loop device, which is given back when it is unmounted. */
export function mountImage(image: string, at: string): void {
  fs.mkdirSync(at, { recursive: true });
  runSystem('mount', ['-t', 'ext4', '-o', 'loop', image, at]);
}

/** Unmounts; what is still open there is let go later. */
export function unmount(at: string): void {
  try {
    runSystem('umount', [at]);
  } catch {
    runSystem('umount', ['--lazy', at]);
  }
}

/** What is mounted at a path: type and options. */
export function mountedAt(path: string): string {
  const mount = fs
    .readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .findLast(([, at]) => at === path);
  return `${mount?.[2]} (${mount?.[3]})`;
}
