import { readFile } from 'node:fs/promises';

const TICKS_PER_SECOND = 100;

/** CPU seconds since boot, of the whole machine and of this process with the children it has waited for. */
export interface MachineUsage {
  /** All cores, everything but idle and waiting for disks. */
  readonly busySeconds: number;
  /** This process and its ended children (wrk is one). */
  readonly ownSeconds: number;
}

/** Reads /proc/stat and /proc/self/stat (Linux, proc(5)). */
export async function machineUsage(): Promise<MachineUsage> {
  const machine = (await readFile('/proc/stat', 'utf8')).split('\n')[0] ?? '';
  const [user = 0, nice = 0, system = 0, , , irq = 0, softIrq = 0, steal = 0] = machine
    .split(/\s+/)
    .slice(1)
    .map(Number);
  const self = await readFile('/proc/self/stat', 'utf8');
  // Fields 14 to 17 follow the command in parentheses, which is field 2.
  const own = self
    .slice(self.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 15)
    .map(Number);
  return {
    busySeconds: (user + nice + system + irq + softIrq + steal) / TICKS_PER_SECOND,
    ownSeconds: own.reduce((sum, ticks) => sum + ticks, 0) / TICKS_PER_SECOND,
  };
}
