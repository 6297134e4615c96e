import { DEFAULT_LOG_OPTIONS, hasCode, type Log, LogError, type LogOptions, openLog } from '@tilewright/log';
import { recordEvents } from '@tilewright/log/testing';
import type { MemoryStore } from '../../open-memory-store.ts';
import { entry, ORIGIN, signer, verifier } from '../test-log.ts';
import { type Faults, FaultyStore } from './faulty-store.ts';
import type { Witness } from './witness.ts';
import type { World } from './world.ts';

/** How the log is used, and how its processes fare. */
export interface Plan {
  readonly replicas: number;
  readonly clients: number;
  /** Submissions of each client, one after another. */
  readonly submissions: number;
  /** Distinct entries that all clients draw from. */
  readonly entries: number;
  readonly faults: Faults;
  /** Probability, a submission, that some process is closed or killed, and started again. */
  readonly restarts: number;
  readonly limits: Partial<LogOptions>;
  /** Whether there is a persistent dedupe index. */
  readonly dedupe: boolean;
  /** Shortest pause between two checkpoints, milliseconds. */
  readonly minIntervalMs: number;
  /** When the log is frozen, if it is, milliseconds after the start. */
  readonly freezeAfterMs?: number;
}

/** What a client may be told without anything being wrong. */
const FAIR = ['pushback', 'storage-full', 'frozen', 'closing', 'outcome-unknown', 'aborted', 'storage-failed'] as const;

/** One process of the log, started again whenever it ends. */
class Replica {
  readonly #world: World;
  readonly #store: MemoryStore;
  readonly #plan: Plan;
  #ports: FaultyStore | undefined;
  #log: Log | undefined;
  #changing = false;

  constructor(world: World, store: MemoryStore, plan: Plan) {
    this.#world = world;
    this.#store = store;
    this.#plan = plan;
  }

  /** The open log, if there is one right now. */
  get log(): Log | undefined {
    return this.#log;
  }

  async start(): Promise<void> {
    const { faults, limits } = this.#plan;
    for (;;) {
      const ports = new FaultyStore(this.#store, this.#world, faults);
      const { objects, checkpoints, sequence } = ports;
      const dedupe = this.#plan.dedupe ? ports.dedupe : undefined;
      const { clock, entropy } = this.#world;
      const deps = { origin: ORIGIN, signers: [signer], verifier, objects, checkpoints, sequence, dedupe };
      try {
        const options = { ...DEFAULT_LOG_OPTIONS, ...limits };
        const log = await openLog({ ...deps, clock, entropy, events: recordEvents() }, options);
        this.#ports = ports;
        this.#log = log;
        return;
      } catch (error) {
        ports.kill();
        refuseUnlessInjected(error);
      }
    }
  }

  /** Ends the process, one way or another, and starts the next. */
  async restart(how: 'close' | 'kill'): Promise<void> {
    const [log, ports] = [this.#log, this.#ports];
    if (log === undefined || this.#changing) return;
    this.#changing = true;
    this.#log = undefined;
    if (how === 'close') await log.close({ timeoutMs: this.#world.chance(0.5) ? 2000 : 20 * this.#world.unit() });
    ports?.kill();
    await this.start();
    this.#changing = false;
  }

  /** Ends the process for good. */
  async end(): Promise<void> {
    while (this.#log === undefined) await this.#world.sleep(10);
    const log = this.#log;
    const outcome = await log.close({ timeoutMs: 60_000 });
    this.#ports?.kill();
    const { entries, bytes } = log.status();
    if (outcome === 'settled' && entries + bytes > 0)
      throw new Error(`${entries} entries of ${bytes} bytes are still counted after the close`);
  }

  /** Starts again whenever the log fails. A failure that was not injected fails the run. */
  async attend(): Promise<never> {
    for (;;) {
      await this.#world.sleep(20);
      const unready = this.#log?.status().unready;
      if (unready?.startsWith('writing stopped') !== true || this.#log === undefined) continue;
      refuseUnlessInjected(await this.#log.failed);
      await this.restart('close');
    }
  }
}

function refuseUnlessInjected(error: unknown): void {
  const injected = !(error instanceof LogError) || hasCode(error, 'storage-failed', 'storage-full');
  if (!injected || String(error).includes('serve two')) throw error;
}

/** Runs the plan to its end: every submission answered, every process closed. */
export async function runWorkload(world: World, store: MemoryStore, witness: Witness, plan: Plan): Promise<void> {
  const watched = witness.watch(store);
  const replicas = Array.from({ length: plan.replicas }, () => new Replica(world, watched, plan));
  await Promise.all(replicas.map((replica) => replica.start()));
  void world.sleep(plan.freezeAfterMs ?? Number.POSITIVE_INFINITY).then(() => store.sequence.freeze(1_787_296_857_123));
  const failing = Promise.race(replicas.map((replica) => replica.attend()));
  const using = Promise.all(Array.from({ length: plan.clients }, () => client(world, store, witness, replicas, plan)));
  await Promise.race([failing, using]);
  await Promise.race([failing, Promise.all(replicas.map((replica) => replica.end()))]);
}

async function client(
  world: World,
  store: MemoryStore,
  witness: Witness,
  replicas: readonly Replica[],
  plan: Plan,
): Promise<void> {
  for (let done = 0; done < plan.submissions; done++) {
    await world.sleep(world.chance(0.2) ? 50 * world.unit() : 0);
    if (world.chance(0.1)) await witness.read(store, world.unit());
    const replica = replicas[world.below(replicas.length)];
    if (replica?.log !== undefined) await submit(world, witness, replica, plan);
    else await world.sleep(5);
  }
}

async function submit(world: World, witness: Witness, replica: Replica, plan: Plan): Promise<void> {
  const { log } = replica;
  if (log === undefined) return;
  const one = entry(world.below(plan.entries));
  const expectation = log.expect();
  await world.sleep(world.unit());
  if (world.chance(0.05)) return expectation.cancel();
  const leaving = new AbortController();
  const receipt = log.add(one, { expectation, signal: leaving.signal });
  const outcome = receipt.then(
    (answer) => witness.answered(one, answer),
    (error: unknown) => {
      if (!hasCode(error, ...FAIR)) throw error;
    },
  );
  const restarting = world.chance(plan.restarts) ? replica.restart(world.chance(0.5) ? 'close' : 'kill') : undefined;
  // Who waits for a killed process waits in vain: its clients see the connection break.
  if (world.chance(0.1) || restarting !== undefined) {
    await world.sleep(30 * world.unit());
    leaving.abort();
  }
  const gone = async (): Promise<void> => {
    while (replica.log === log) await world.sleep(20);
    leaving.abort();
  };
  await Promise.race([outcome, gone().then(() => outcome)]);
  await restarting;
}
