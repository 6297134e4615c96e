import { setTimeout as sleep } from 'node:timers/promises';
import { entryOf, type LogProcess } from './start-log.ts';

/** One thing that clients, the operator or fate do. */
export type Act =
  /** So many new entries at once, of at least so many bytes each. */
  | { readonly kind: 'add'; readonly count: number; readonly bytes?: number }
  /** New entries one after another, nobody waiting for the one before. */
  | { readonly kind: 'trickle'; readonly count: number; readonly everyMs: number }
  /** So many entries that were answered before, spread over all of them, and a new one twice at once. */
  | { readonly kind: 'again'; readonly count: number }
  /** The process is killed so soon after so many entries were sent; a new one starts. */
  | { readonly kind: 'kill'; readonly count: number; readonly afterMs: number }
  | { readonly kind: 'restart' }
  /** Until superseded partial tiles have been removed. */
  | { readonly kind: 'collect' };

/** Across the end of a tile and of several segments, with every way for a process to end. */
export const FULL_LIFE: readonly Act[] = [
  { kind: 'add', count: 1 },
  { kind: 'add', count: 3 },
  { kind: 'again', count: 2 },
  { kind: 'add', count: 120 },
  { kind: 'kill', count: 6, afterMs: 2 },
  { kind: 'trickle', count: 8, everyMs: 2 },
  { kind: 'add', count: 100 },
  { kind: 'kill', count: 4, afterMs: 6 },
  { kind: 'again', count: 3 },
  { kind: 'add', count: 5, bytes: 16_000 },
  { kind: 'trickle', count: 12, everyMs: 3 },
  { kind: 'restart' },
  { kind: 'add', count: 20 },
  { kind: 'collect' },
  { kind: 'add', count: 1 },
  { kind: 'kill', count: 3, afterMs: 4 },
  { kind: 'trickle', count: 6, everyMs: 4 },
  { kind: 'add', count: 2, bytes: 30_000 },
  { kind: 'again', count: 3 },
  { kind: 'restart' },
  { kind: 'add', count: 2 },
];

/** The same in little: a second. */
export const SHORT_LIFE: readonly Act[] = [
  { kind: 'add', count: 1 },
  { kind: 'again', count: 1 },
  { kind: 'kill', count: 3, afterMs: 2 },
  { kind: 'trickle', count: 3, everyMs: 2 },
  { kind: 'restart' },
  { kind: 'add', count: 2, bytes: 16_000 },
];

const COLLECTED_WITHIN_MS = 5_000;

/** Lives this life; `start` starts a process on the log, whatever state it is in. */
export async function live(acts: readonly Act[], start: () => Promise<LogProcess>): Promise<void> {
  const sent: Uint8Array[] = [];
  const fresh = (count: number, bytes?: number): Uint8Array[] => {
    const entries = Array.from({ length: count }, (_, i) => entryOf(`entry ${sent.length + i}`, bytes));
    sent.push(...entries);
    return entries;
  };
  let process = await start();
  for (const act of acts) {
    switch (act.kind) {
      case 'add':
        await process.add(fresh(act.count, act.bytes));
        break;
      case 'trickle':
        await trickle(process, fresh(act.count), act.everyMs);
        break;
      case 'again': {
        const old = Array.from({ length: act.count }, (_, i) => sent[Math.floor((i * sent.length) / act.count)]);
        const [twice = new Uint8Array()] = fresh(1);
        await process.add([...old.filter((entry) => entry !== undefined), twice, twice]);
        break;
      }
      case 'kill': {
        // Whoever is still waiting learns nothing.
        const answers = process.add(fresh(act.count)).catch(() => undefined);
        await sleep(act.afterMs);
        await process.kill();
        await answers;
        process = await start();
        break;
      }
      case 'restart':
        await process.close();
        process = await start();
        break;
      case 'collect':
        await collected(process);
        break;
    }
  }
  await process.close();
}

async function trickle(process: LogProcess, entries: readonly Uint8Array[], everyMs: number): Promise<void> {
  const answers: Promise<void>[] = [];
  for (const entry of entries) {
    answers.push(process.add([entry]));
    await sleep(everyMs);
  }
  await Promise.all(answers);
}

async function collected(process: LogProcess): Promise<void> {
  const until = performance.now() + COLLECTED_WITHIN_MS;
  while (process.collected() === 0) {
    if (performance.now() > until) throw new Error('no partial tiles were collected: the recording would miss it');
    await sleep(10);
  }
}
