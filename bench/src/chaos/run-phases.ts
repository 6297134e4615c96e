import { endServer } from '../crash/life/ending.ts';
import type { ServerProcess } from '../server/server-process.ts';
import type { ChaosLog, Loaded } from './chaos-log.ts';
import { untilBack } from './check/back-in-service.ts';
import type { LogCheck } from './check/check-log.ts';
import type { ActiveFault, Fault } from './faults/fault.ts';
import type { FaultRecord } from './state/run-record.ts';

const LEAD_MS = [100, 600] as const;
/** Chance that a restart goes on under the fault in which the server was killed. */
const RESTART_IN_IT = 0.5;
const IN_IT_MS = 1_500;
const KILLED_WHILE_STARTING = 0.3;

/** How the phases of a run are timed. */
export interface Timing {
  readonly random: () => number;
  /** Milliseconds for a fault of that range. */
  readonly hold: (range: readonly [number, number]) => number;
  readonly sinceStartMs: () => number;
}

/** Injects faults, one phase each, and notes them. */
export class Phases {
  readonly faults: FaultRecord[] = [];
  readonly #log: ChaosLog;
  readonly #check: LogCheck;
  readonly #timing: Timing;

  constructor(log: ChaosLog, check: LogCheck, timing: Timing) {
    this.#log = log;
    this.#check = check;
    this.#timing = timing;
  }

  /** Load without a fault until so many entries are there, and so long at least. */
  async warmUp(server: ServerProcess, ms: number, entries: number): Promise<void> {
    const log = this.#log;
    await log.underLoad(server, async () => {
      const began = performance.now();
      await log.pause(server, ms);
      while (log.ledger.promised().answers < entries && performance.now() - began < 20 * ms) {
        await log.pause(server, 250);
        if (log.isBroken) return;
      }
    });
    await this.#check.afterLoad(server);
  }

  /** A fault that the server must live through. */
  async soft(server: ServerProcess, fault: Fault): Promise<void> {
    const log = this.#log;
    await log.underLoad(server, async (loaded) => {
      await log.pause(server, this.#lead());
      const began = this.#began();
      const active = await this.#begin(fault, loaded);
      if (active === undefined) return;
      await log.pause(server, this.#timing.hold(fault.holdMs));
      const heldMs = began.passed();
      const note = await this.#lift(fault, active, server);
      this.faults.push({ kind: fault.kind, ...began.at, heldMs, backMs: await untilBack(log, loaded), note });
    });
    await this.#check.afterLoad(server);
  }

  /**
   * `kill -9`, alone or in the middle of a fault, and the next server, which is there in time and has everything.
   * Returns that one.
   */
  async hard(server: ServerProcess, fault: Fault | undefined): Promise<ServerProcess | undefined> {
    const log = this.#log;
    const { random } = this.#timing;
    const began = this.#began();
    const ended = await log.underLoad(server, async (loaded) => {
      await log.pause(server, this.#lead());
      const active = fault && (await this.#begin(fault, loaded));
      await log.pause(server, active === undefined ? 0 : this.#timing.hold(fault?.holdMs ?? [0, 0]) / 3);
      if (log.isBroken) return undefined;
      const how = await endServer(server, random, loaded, log.ledger);
      log.tally.count('ends', how);
      return { active, how };
    });
    if (ended === undefined) return undefined;
    const heldMs = began.passed();
    const { active, how } = ended;
    const isKeptUp = random() < RESTART_IN_IT && active?.outlivesServer === true;
    const lift = async (now: ServerProcess | undefined): Promise<string> =>
      active === undefined || fault === undefined ? '' : `, ${await this.#lift(fault, active, now)}`;
    let note = isKeptUp ? '' : await lift(undefined);
    await log.scan.run();
    while (random() < KILLED_WHILE_STARTING) await log.killWhileStarting(random);
    const started = performance.now();
    const starting = log.start();
    // A full disk lets nobody become ready.
    if (isKeptUp && fault?.kind === 'full disk') {
      await new Promise((resolve) => setTimeout(resolve, IN_IT_MS));
      note = `, started in it${await lift(undefined)}`;
    }
    const next = await starting;
    if (next === undefined) return undefined;
    if (isKeptUp && note === '') note = `, started in it${await lift(next)}`;
    const kind = `kill -9${active === undefined ? '' : `, in: ${fault?.kind}`}`;
    const backMs = Math.round(performance.now() - started);
    this.faults.push({ kind, ...began.at, heldMs, backMs, note: `${how}${note}` });
    await this.#check.started(next);
    await this.#check.run('new');
    return next;
  }

  async #begin(fault: Fault, { server, traffic, load }: Loaded): Promise<ActiveFault | undefined> {
    const { tally, book, ledger } = this.#log;
    try {
      return await fault.begin({ server, traffic, load, book, tally, random: this.#timing.random });
    } catch (error) {
      ledger.violate(`${fault.kind} was not injected: ${error instanceof Error ? error.message : error}`);
      return undefined;
    }
  }

  async #lift(fault: Fault, active: ActiveFault, server: ServerProcess | undefined): Promise<string> {
    try {
      return await active.lift(server);
    } catch (error) {
      this.#log.ledger.violate(`${fault.kind}: ${error instanceof Error ? error.message : error}`);
      return 'not as it should have been';
    }
  }

  #lead(): number {
    const [least, most] = LEAD_MS;
    return least + this.#timing.random() * (most - least);
  }

  #began(): { readonly at: { readonly atSeconds: number }; readonly passed: () => number } {
    const began = performance.now();
    return {
      at: { atSeconds: Math.round(this.#timing.sinceStartMs() / 1_000) },
      passed: () => Math.round(performance.now() - began),
    };
  }
}
