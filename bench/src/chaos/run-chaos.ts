import { writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '../crash/seeded-random.ts';
import { REPOSITORY } from '../server/commands.ts';
import type { ServerProcess } from '../server/server-process.ts';
import { ChaosLog } from './chaos-log.ts';
import type { ChaosPlan } from './chaos-plan.ts';
import { LogCheck } from './check/check-log.ts';
import { openCatalogue } from './faults/catalogue.ts';
import type { Fault } from './faults/fault.ts';
import { growthBetween, growthOf } from './memory/flatness.ts';
import { Windows } from './memory/windows.ts';
import { hostFacts } from './report/host-facts.ts';
import { Phases } from './run-phases.ts';
import { shuffled } from './shuffled.ts';
import type { FaultRecord, RunRecord, WindowRecord } from './state/run-record.ts';

/** Share of the time in which one process lives through everything but `kill -9`, and in which nothing new begins. */
const ONE_LIFE = 0.5;
const FINAL = 0.08;
const MOST_FINAL_MS = 40_000;
/** Runs of this length and more have faults of full length. */
const FULL_LENGTH_MS = 300_000;
const SHORTEST_HOLD_MS = 500;
const WARM_UP = 0.05;
const MOST_WARM_UP_MS = 30_000;
/** A full bundle is asked for by malformed clients. */
const WARM_ENTRIES = 300;

/** One run: a long life under faults, many short ones, and everything compared at the end. */
export async function runChaos(plan: ChaosPlan): Promise<RunRecord> {
  const run = new ChaosRun(plan, await ChaosLog.open(plan));
  const record = await run.run();
  plan.state.saveRequests(run.log.supply.remembered);
  plan.state.saveRun(record);
  return record;
}

class ChaosRun {
  readonly log: ChaosLog;
  readonly #plan: ChaosPlan;
  readonly #random: () => number;
  readonly #check: LogCheck;
  readonly #phases: Phases;
  readonly #began = performance.now();
  readonly #totalMs: number;
  #windows: readonly WindowRecord[] = [];
  #server: ServerProcess | undefined;
  readonly #notInjected: Record<string, string> = {};
  #told: FaultRecord | undefined;

  constructor(plan: ChaosPlan, log: ChaosLog) {
    this.log = log;
    this.#plan = plan;
    this.#totalMs = plan.minutes * 60_000;
    this.#random = seededRandom(plan.seed);
    this.#check = new LogCheck(log, this.#random);
    const scale = Math.min(1, this.#totalMs / FULL_LENGTH_MS);
    this.#phases = new Phases(log, this.#check, {
      random: this.#random,
      hold: ([least, most]) => Math.max(SHORTEST_HOLD_MS, scale * (least + this.#random() * (most - least))),
      sinceStartMs: () => this.#sinceStartMs(),
      missed: (kind, whyNot) => this.#miss(kind, whyNot),
    });
  }

  async run(): Promise<RunRecord> {
    const { log } = this;
    const catalogue = openCatalogue(this.#plan.disk, log.controls);
    for (const { kind, whyNot } of catalogue.faults) if (whyNot !== undefined) this.#miss(kind, whyNot);
    const faults = catalogue.faults.filter(({ whyNot }) => whyNot === undefined);
    try {
      await this.#begin();
      await this.#oneLife(faults);
      await this.#manyLives(faults.filter(({ isWithKill }) => isWithKill));
      await this.#end();
    } catch (error) {
      log.ledger.violate(`the run failed: ${error instanceof Error ? error.stack : error}`);
    } finally {
      if (log.isBroken) this.#keepEvidence();
      await this.#server?.kill();
      catalogue.close();
    }
    return this.#record();
  }

  get #goesOn(): boolean {
    return this.log.goesOn && this.#server !== undefined;
  }

  /** The log of earlier runs must have all that they were promised. */
  async #begin(): Promise<void> {
    this.#server = await this.log.start();
    if (this.#server === undefined) return;
    await this.#check.started(this.#server);
    await this.log.scan.run();
    await this.#check.run('all');
  }

  async #oneLife(faults: readonly Fault[]): Promise<void> {
    const server = this.#server;
    if (server === undefined || !this.#goesOn) return;
    const windows = await Windows.of(this.log, server);
    this.#windows = windows.samples;
    await this.#phases.warmUp(server, Math.min(MOST_WARM_UP_MS, WARM_UP * this.#totalMs), WARM_ENTRIES);
    if (!this.#goesOn) return;
    await windows.take();
    for (let round = 1; this.#goesOn && (round === 1 || this.#share() < ONE_LIFE); round++) {
      for (const fault of shuffled(faults, this.#random)) {
        if (!this.#goesOn || (round > 1 && this.#share() > ONE_LIFE)) break;
        await this.#phases.soft(server, fault);
        this.#tell();
      }
      if (this.#goesOn) await windows.take();
    }
    if (!this.#goesOn) return;
    for (const fault of growthOf(windows.samples)) this.log.ledger.violate(fault);
    const earlier = this.#plan.state.runs.map((run) => run.windows);
    for (const fault of growthBetween([...earlier, windows.samples])) this.log.ledger.violate(fault);
  }

  async #manyLives(faults: readonly Fault[]): Promise<void> {
    const end = Math.max(0, 1 - Math.min(FINAL, MOST_FINAL_MS / this.#totalMs));
    let due: (Fault | undefined)[] = [];
    for (let life = 1; this.#goesOn && (life === 1 || this.#share() < end); life++) {
      if (due.length === 0) due = shuffled([...faults, undefined, undefined], this.#random);
      const server = this.#server;
      if (server !== undefined) this.#server = await this.#phases.hard(server, due.pop());
      this.#tell();
    }
  }

  /** Everything once more, and an end in peace. A run that is to stop leaves that to the next one. */
  async #end(): Promise<void> {
    const [server, { ledger, scan }] = [this.#server, this.log];
    if (server === undefined || this.log.isBroken) return;
    await this.#check.run(this.#plan.isStopped() ? 'new' : 'all');
    const how = await server.stop();
    if (how !== 'exit 0') ledger.violate(`the last server ended with ${how}:\n${server.output()}`);
    await scan.run(!this.#plan.isStopped());
    if (!this.#plan.isStopped()) await this.#check.fsck();
  }

  #tell(): void {
    const last = this.#phases.faults.at(-1);
    if (last === undefined || last === this.#told) return;
    this.#told = last;
    const { kind, heldMs, backMs, note } = last;
    this.#plan.say(
      `${Math.round(this.#sinceStartMs() / 1_000)} s: ${kind}, ${heldMs} ms, back after ${backMs} ms (${note})`,
    );
  }

  #miss(kind: string, whyNot: string): void {
    this.#notInjected[kind] = whyNot;
    this.#plan.say(`NOT INJECTED: ${kind}: ${whyNot}`);
    if (this.#plan.requiresAll) this.log.ledger.violate(`${kind} was not injected: ${whyNot}`);
  }

  #sinceStartMs(): number {
    return performance.now() - this.#began;
  }

  #share(): number {
    return this.#sinceStartMs() / this.#totalMs;
  }

  #keepEvidence(): void {
    const { state } = this.#plan;
    const file = join(state.dir, `evidence-${state.run}.txt`);
    const lines = [
      ...this.log.ledger.violations,
      '',
      'Last words of the server:',
      this.#server?.output() ?? '(none runs)',
    ];
    writeFileSync(file, `${lines.join('\n')}\n`);
  }

  #record(): RunRecord {
    const { log } = this;
    const { tally, ledger } = log;
    return {
      run: this.#plan.state.run,
      seed: this.#plan.seed,
      date: new Date().toISOString().slice(0, 10),
      minutes: this.#plan.minutes,
      seconds: Math.round(this.#sinceStartMs() / 1_000),
      isInterrupted: this.#plan.isStopped(),
      entries: log.entries,
      ...ledger.counts(),
      answers: tally.of('answers'),
      duplicates: tally.of('duplicates'),
      badRequests: tally.of('bad requests'),
      malformed: tally.of('malformed'),
      brokenOff: tally.of('broken off'),
      reads: tally.of('reads'),
      ends: tally.of('ends'),
      checks: tally.of('checks'),
      faults: this.#phases.faults,
      notInjected: Object.fromEntries(
        Object.entries(this.#notInjected).map(([kind, whyNot]) => [kind, withoutPlaces(whyNot, this.#plan)]),
      ),
      restartsMs: log.restartsMs,
      windows: this.#windows,
      host: hostFacts(this.#plan.disk.name),
      findings: ledger.violations.map((finding) => withoutPlaces(finding, this.#plan)),
    };
  }
}

/** Reports are read elsewhere: what was found is said without the paths and the name of this machine. */
function withoutPlaces(text: string, { state, scratch }: ChaosPlan): string {
  return text
    .replaceAll(state.dir, 'DIR')
    .replaceAll(scratch, 'SCRATCH')
    .replaceAll(REPOSITORY, '')
    .replaceAll(hostname(), 'HOST');
}
