import { readdir, readFile } from 'node:fs/promises';

/** CPU and memory of a process and all its descendants at one moment. */
export interface TreeUsage {
  /** User and system time since each process started, seconds. */
  readonly cpuSeconds: number;
  /** Resident set, bytes; pages that several processes share count once for each. */
  readonly residentBytes: number;
}

const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4096;

/** Reads /proc (Linux): the process, its children, and theirs. Processes that end meanwhile are left out. */
export async function treeUsage(pid: number): Promise<TreeUsage> {
  const processes = await listProcesses();
  let cpuSeconds = 0;
  let residentBytes = 0;
  const pending = [pid];
  for (let current = pending.pop(); current !== undefined; current = pending.pop()) {
    const found = processes.get(current);
    if (found === undefined) continue;
    cpuSeconds += found.ticks / TICKS_PER_SECOND;
    residentBytes += found.pages * PAGE_BYTES;
    for (const [child, { parent }] of processes) if (parent === current) pending.push(child);
  }
  return { cpuSeconds, residentBytes };
}

interface ProcessStat {
  readonly parent: number;
  readonly ticks: number;
  readonly pages: number;
}

async function listProcesses(): Promise<Map<number, ProcessStat>> {
  const processes = new Map<number, ProcessStat>();
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  for (const name of names) {
    const text = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    // The command in parentheses may hold spaces; proc(5) fields 3 and later follow its last parenthesis.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    if (fields.length < 22) continue;
    const field = (number: number): number => Number(fields[number - 3]);
    processes.set(Number(name), { parent: field(4), ticks: field(14) + field(15), pages: field(24) });
  }
  return processes;
}
