import { setTimeout as sleep } from 'node:timers/promises';
import { inTime } from './in-time.ts';
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

/** Longer than anything takes on a busy machine. */
const ACT_WITHIN_MS = 30_000;

/** Lives this life; `start` starts a process on the log, whatever state it is in. */
export async function live(acts: readonly Act[], start: () => Promise<LogProcess>): Promise<void> {
  const life = new Life(start, await start());
  try {
    for (const act of acts) await inTime(life.act(act), act.kind, ACT_WITHIN_MS);
    await inTime(life.process.close(), 'closing', ACT_WITHIN_MS);
  } catch (error) {
    await life.process.kill();
    throw error;
  }
}

class Life {
  process: LogProcess;
  readonly #start: () => Promise<LogProcess>;
  readonly #sent: Uint8Array[] = [];
  /** By processes that are gone. */
  #collections = 0;

  constructor(start: () => Promise<LogProcess>, process: LogProcess) {
    this.#start = start;
    this.process = process;
  }

  async act(act: Act): Promise<void> {
    switch (act.kind) {
      case 'add':
        return this.process.add(this.#fresh(act.count, act.bytes));
      case 'trickle':
        return trickle(this.process, this.#fresh(act.count), act.everyMs);
      case 'again':
        return this.#again(act.count);
      case 'kill': {
        // Whoever is still waiting learns nothing.
        const answers = this.process.add(this.#fresh(act.count)).catch(() => undefined);
        await sleep(act.afterMs);
        await this.process.kill();
        await answers;
        return this.#startAgain();
      }
      case 'restart':
        await this.process.close();
        return this.#startAgain();
      case 'collect':
        while (this.#collections + this.process.collections() === 0) await sleep(10);
    }
  }

  #fresh(count: number, bytes?: number): Uint8Array[] {
    const first = this.#sent.length;
    const entries = Array.from({ length: count }, (_, i) => entryOf(`entry ${first + i}`, bytes));
    this.#sent.push(...entries);
    return entries;
  }

  #again(count: number): Promise<void> {
    const old = Array.from({ length: count }, (_, i) => this.#sent[Math.floor((i * this.#sent.length) / count)] ?? []);
    const twice = this.#fresh(1);
    return this.process.add([...old.map((entry) => Uint8Array.from(entry)), ...twice, ...twice]);
  }

  async #startAgain(): Promise<void> {
    this.#collections += this.process.collections();
    this.process = await this.#start();
  }
}

async function trickle(process: LogProcess, entries: readonly Uint8Array[], everyMs: number): Promise<void> {
  const answers: Promise<void>[] = [];
  for (const entry of entries) {
    answers.push(process.add([entry]));
    await sleep(everyMs);
  }
  await Promise.all(answers);
}
