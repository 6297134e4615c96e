import { readdir, readFile } from 'node:fs/promises';

/** CPU and memory of a process and all its descendants at one moment. */
export interface TreeUsage {
  /** User and system time since each process started, seconds. */
  readonly cpuSeconds: number;
  /** Resident set, bytes; pages that several processes share count once for each. */
  readonly residentBytes: number;
  /** The process first, then its descendants. */
  readonly pids: readonly number[];
}

const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4096;

/** Reads /proc (Linux): the process, its children, and theirs. Processes that end meanwhile are left out. */
export async function treeUsage(pid: number): Promise<TreeUsage> {
  const processes = await listProcesses();
  let cpuSeconds = 0;
  let residentBytes = 0;
  const pids: number[] = [];
  const pending = [pid];
  for (let current = pending.pop(); current !== undefined; current = pending.pop()) {
    const found = processes.get(current);
    if (found === undefined) continue;
    pids.push(current);
    cpuSeconds += found.ticks / TICKS_PER_SECOND;
    residentBytes += found.pages * PAGE_BYTES;
    for (const [child, { parent }] of processes) if (parent === current) pending.push(child);
  }
  return { cpuSeconds, residentBytes, pids };
}

/** Largest resident set that each process ever had, added up, bytes: the peak itself where there is one process. */
export async function peakBytes(pids: readonly number[]): Promise<number> {
  let sum = 0;
  for (const pid of pids) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    sum += Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
  }
  return sum;
}

/** User and system time of a process's first thread, seconds; 0 when it ended. */
export async function mainThreadSeconds(pid: number): Promise<number> {
  const stat = parseStat(await readFile(`/proc/${pid}/task/${pid}/stat`, 'utf8').catch(() => ''));
  return (stat?.ticks ?? 0) / TICKS_PER_SECOND;
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
    const stat = parseStat(await readFile(`/proc/${name}/stat`, 'utf8').catch(() => ''));
    if (stat !== undefined) processes.set(Number(name), stat);
  }
  return processes;
}

function parseStat(text: string): ProcessStat | undefined {
  // The command in parentheses may hold spaces; proc(5) fields 3 and later follow its last parenthesis.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  if (fields.length < 22) return undefined;
  const field = (number: number): number => Number(fields[number - 3]);
  return { parent: field(4), ticks: field(14) + field(15), pages: field(24) };
}
