import { readFileSync } from 'node:fs';

/** When a process began, in ticks since boot (proc(5), field 22), so that its number given to another one is no mistake. */
export function processStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // Field 3 follows the command in parentheses, which may hold spaces.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
