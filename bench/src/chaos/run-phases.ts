import { endServer } from '../crash/life/ending.ts';
import type { ServerProcess } from '../server/server-process.ts';
import type { ChaosLog, Loaded } from './chaos-log.ts';
import { untilBack } from './check/back-in-service.ts';
import type { LogCheck } from './check/check-log.ts';
import type { ActiveFault, Fault } from './faults/fault.ts';
import { creations } from './load/answers.ts';
import type { FaultRecord } from './state/run-record.ts';

const LEAD_MS = [100, 400] as const;
/** Chance that a restart goes on under the fault in which the server was killed. */
const RESTART_IN_IT = 0.5;
const IN_IT_MS = 1_500;
const KILLED_WHILE_STARTING = 0.3;
const WARM_CREATIONS = 50;
const WARM_LIMIT_MS = 60_000;
const WARM_LOOK_MS = 250;

/** How the phases of a run are timed. */
export interface Timing {
  readonly random: () => number;
  /** Milliseconds for a fault of that range. */
  readonly hold: (range: readonly [number, number]) => number;
  readonly sinceStartMs: () => number;
  /** Told of a fault that could not be injected. */
  readonly missed: (kind: string, whyNot: string) => void;
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

  /** Load without a fault, so long at least; until the log has so many entries, and this server has made some of them. */
  async warmUp(server: ServerProcess, ms: number, entries: number): Promise<void> {
    const log = this.#log;
    await log.underLoad(server, async () => {
      const enough = creations(log.tally) + WARM_CREATIONS;
      const until = performance.now() + WARM_LIMIT_MS;
      await log.pause(server, ms);
      while (log.ledger.promised().answers < entries || creations(log.tally) < enough) {
        if (performance.now() > until) log.ledger.violate(`no ${entries} entries within ${WARM_LIMIT_MS} ms`);
        if (!log.goesOn) return;
        await log.pause(server, WARM_LOOK_MS);
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
    const onFullDisk = isKeptUp && fault?.kind === 'full disk';
    if (onFullDisk) {
      await new Promise((resolve) => setTimeout(resolve, IN_IT_MS));
      note = `, started in it${await lift(undefined)}`;
    }
    const next = await starting;
    if (next === undefined) return undefined;
    if (isKeptUp && note === '') note = `, started in it${await lift(next)}`;
    const kind = `kill -9${active === undefined ? '' : `, in: ${fault?.kind}`}`;
    const backMs = Math.round(performance.now() - started);
    this.faults.push({ kind, ...began.at, heldMs, backMs, note: `${how}${note}` });
    await this.#check.started(next, onFullDisk);
    await this.#check.run('new');
    return next;
  }

  async #begin(fault: Fault, { server, traffic, load }: Loaded): Promise<ActiveFault | undefined> {
    const { tally, book } = this.#log;
    try {
      return await fault.begin({ server, traffic, load, book, tally, random: this.#timing.random });
    } catch (error) {
      this.#miss(fault, error);
      return undefined;
    }
  }

  async #lift(fault: Fault, active: ActiveFault, server: ServerProcess | undefined): Promise<string> {
    try {
      return await active.lift(server);
    } catch (error) {
      this.#miss(fault, error);
      return 'not as it should have been';
    }
  }

  /** A fault that had no effect says nothing about the log: the run goes on, and says so. */
  #miss({ kind }: Fault, error: unknown): void {
    this.#log.controls.set({ clockShiftMs: 0, syncDelayMs: 0 });
    this.#timing.missed(kind, error instanceof Error ? error.message : String(error));
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
