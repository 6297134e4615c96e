import type { Chooser } from '../choice/chooser.ts';

/** Something that will happen when it is its turn. */
interface Step {
  readonly owner: object;
  readonly happen: () => void;
  /** Whether it may matter to others when it happens. */
  readonly matters: boolean;
}

/** Something that happens at a time. */
interface Timer extends Omit<Step, 'matters'> {
  readonly dueMs: number;
  /** Stops listening to the signal: one that is listened to for ever keeps a dead engine in memory. */
  readonly deafen: () => void;
}

/**
 * Who comes next: 'mixed', whoever the chooser says, mostly the oldest; 'sticky', the process that is running until it
 * waits, unless the chooser interrupts it at a step that matters: what a search needs, in which an interruption counts.
 */
export type Order = 'mixed' | 'sticky';

/** How a history is cut off when it does not end by itself. */
export interface Bounds {
  readonly steps: number;
  readonly ms: number;
}

/**
 * Resolves when every program waits. Ticks that are asked for in a microtask come when no microtask is left, and cost no
 * turn of the event loop: half of the time of a history would go there.
 */
const turn = (): Promise<void> =>
  new Promise((resolve) => {
    queueMicrotask(() => process.nextTick(resolve));
  });

/** The longest that a step takes, in milliseconds: beyond it every caller has better reasons to give up than this one. */
const SLOWEST_MS = 100;
/** How likely the oldest step is the next: real machines mostly answer in order. */
const IN_ORDER = 0.7;

/**
 * The only thing that lets anything happen. Programs run until each of them waits for a step or for a time; then the
 * chooser picks one step, it happens, and programs run again. Time stands still as long as there are steps, unless the
 * chooser says that they are slow.
 */
export class Schedule {
  /** Steps that have happened. */
  count = 0;
  /** Whether everything happens in order and takes no time. */
  calm = false;
  #nowMs = 0;
  #steps: Step[] = [];
  #timers: Timer[] = [];
  readonly #stopped = new Set<object>();
  readonly #gone = new WeakSet<object>();
  readonly #chooser: Chooser;
  readonly #bounds: Bounds;
  readonly #order: Order;
  /** Whose step happened last. */
  #running: object | undefined;

  constructor(chooser: Chooser, bounds: Bounds, order: Order = 'mixed') {
    this.#chooser = chooser;
    this.#bounds = bounds;
    this.#order = order;
  }

  /** Virtual milliseconds since the start. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** Resolves when the schedule lets this step of `owner` happen. */
  step(owner: object, matters = true): Promise<void> {
    return new Promise((happen) => {
      if (!this.#gone.has(owner)) this.#steps.push({ owner, happen, matters });
    });
  }

  /** Resolves after `ms`, or at once when `signal` fires. */
  sleep(owner: object, ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((happen) => {
      if (this.#gone.has(owner)) return;
      const wake = (): void => {
        this.#timers = this.#timers.filter((other) => other !== timer);
        happen();
      };
      const deafen = (): void => signal?.removeEventListener('abort', wake);
      const timer: Timer = { owner, happen, dueMs: this.#nowMs + Math.max(0, ms), deafen };
      const after = this.#timers.findIndex((other) => other.dueMs > timer.dueMs);
      this.#timers.splice(after < 0 ? this.#timers.length : after, 0, timer);
      signal?.addEventListener('abort', wake, { once: true });
    });
  }

  /** `owner` is gone: nothing that it waits for happens. */
  forget(owner: object): void {
    this.#gone.add(owner);
    this.#steps = this.#steps.filter((step) => step.owner !== owner);
    for (const timer of this.#timers) if (timer.owner === owner) timer.deafen();
    this.#timers = this.#timers.filter((timer) => timer.owner !== owner);
  }

  /** The history is over: nothing happens any more, and nobody is kept in memory for it. */
  end(): void {
    for (const timer of this.#timers) timer.deafen();
    this.#timers = [];
    this.#steps = [];
  }

  /** `owner` is stopped in its tracks, as by SIGSTOP: what it waits for happens when it goes on. */
  stop(owner: object): void {
    this.#stopped.add(owner);
  }

  /** `owner` goes on. */
  goOn(owner: object): void {
    this.#stopped.delete(owner);
  }

  /** Lets things happen until `work` is settled. Throws when nothing could, or when the bounds are reached. */
  async until<T>(work: Promise<T>): Promise<T> {
    let settled = false;
    const done = (): void => {
      settled = true;
    };
    work.then(done, done);
    for (;;) {
      await turn();
      if (settled) return work;
      if (!this.#next()) throw new Error('nothing will ever happen again, and somebody still waits');
      if (this.count > this.#bounds.steps || this.#nowMs > this.#bounds.ms) {
        throw new Error(`still not done after ${this.count} steps and ${Math.round(this.#nowMs)} ms`);
      }
    }
  }

  #next(): boolean {
    const steps = this.#stopped.size === 0 ? this.#steps : this.#steps.filter(({ owner }) => !this.#stopped.has(owner));
    const timer = this.#timers.find(({ owner }) => !this.#stopped.has(owner));
    this.count += 1;
    if (steps.length === 0) return this.#pass(timer);
    if (this.#order === 'sticky') return this.#stick(steps);
    const early = timer !== undefined && timer.dueMs - this.#nowMs <= SLOWEST_MS;
    const options = steps.length + (early ? 1 : 0);
    const picked = options === 1 || this.calm ? 0 : this.#chooser.pick('order', options, IN_ORDER);
    const step = steps[picked];
    if (step === undefined) return this.#pass(timer);
    this.#steps.splice(steps === this.#steps ? picked : this.#steps.indexOf(step), 1);
    step.happen();
    return true;
  }

  /** The oldest step of the running process, or of another that the chooser lets in. */
  #stick(steps: readonly Step[]): true {
    const oldest = new Map<object, Step>();
    for (const step of steps) if (!oldest.has(step.owner)) oldest.set(step.owner, step);
    const own = this.#running && oldest.get(this.#running);
    const options = [...(own === undefined ? [] : [own]), ...[...oldest.values()].filter((step) => step !== own)];
    const asked = options.length > 1 && !this.calm && options[0]?.matters === true;
    const step = options[asked ? this.#chooser.pick('order', options.length, 1) : 0];
    if (step === undefined) throw new RangeError('there is no such step');
    this.#steps.splice(this.#steps.indexOf(step), 1);
    this.#running = step.owner;
    step.happen();
    return true;
  }

  /** Time passes up to the next moment at which somebody wakes. */
  #pass(timer: Timer | undefined): boolean {
    if (timer === undefined) return false;
    this.#timers.splice(this.#timers.indexOf(timer), 1);
    this.#nowMs = Math.max(this.#nowMs, timer.dueMs);
    timer.deafen();
    timer.happen();
    return true;
  }
}
