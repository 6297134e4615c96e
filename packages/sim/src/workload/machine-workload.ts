import { hasCode } from '@tilewright/log';
import { type FaultRates, NO_FAULTS } from '../machine/disk-faults.ts';
import type { Life, Machine, Surroundings } from '../machine/machine.ts';
import type { Witnesses } from '../witnesses/witnesses.ts';
import type { Clients } from './clients.ts';
import { endOfLog, isUnfinished } from './end-of-log.ts';

/** How likely a history goes on after each thing that is done. */
const GOES_ON = 0.88;
/** Starts that may fail in a row before the disk is mended. */
const PATIENCE = 3;
const CLOSE_MS = 5_000;

/** What fails in one history: some of everything hides what only one thing alone would show. */
const CLIMATES: readonly FaultRates[] = [
  NO_FAULTS,
  { ...NO_FAULTS, stop: 0.02 },
  { ...NO_FAULTS, eio: 0.015 },
  { ...NO_FAULTS, full: 0.03 },
  { ...NO_FAULTS, stop: 0.006, eio: 0.006, full: 0.006, short: 0.01 },
];

type Deed =
  | 'add'
  | 'add more'
  | 'repeat'
  | 'wait'
  | 'moment'
  | 'pause'
  | 'long pause'
  | 'leave'
  | 'close'
  | 'kill'
  | 'power'
  | 'fill'
  | 'freeze'
  | 'prove'
  | 'witness';

/** In the order of the chooser's answers: the first is the plain one. */
const DEEDS: readonly Deed[] = [
  'add',
  'add more',
  'add more',
  'repeat',
  'repeat',
  'wait',
  'wait',
  'moment',
  'moment',
  'pause',
  'long pause',
  'leave',
  'close',
  'kill',
  'power',
  'power',
  'fill',
  'prove',
  'freeze',
];

/** What a log with witnesses meets besides. */
const WITNESSED_DEEDS: readonly Deed[] = [...DEEDS, 'witness', 'witness', 'witness'];
/** How often requests to witnesses go wrong in one history. */
const WITNESS_MISHAPS: readonly number[] = [0, 0.1, 0.4];

/** Runs one machine through an eventful time, then lets it come to rest and looks at everything. */
export class MachineWorkload {
  readonly #machine: Machine;
  readonly #clients: Clients;
  readonly #around: Surroundings;
  readonly #witnesses: Witnesses | undefined;
  /** The next index when the log was frozen. */
  #frozen: number | undefined;

  constructor(machine: Machine, clients: Clients, around: Surroundings, witnesses?: Witnesses) {
    this.#machine = machine;
    this.#clients = clients;
    this.#around = around;
    this.#witnesses = witnesses;
  }

  async run(): Promise<void> {
    const { chooser, oracle, story } = this.#around;
    this.#machine.rates = CLIMATES[chooser.pick('workload', CLIMATES.length, 0.35)] ?? NO_FAULTS;
    if (this.#witnesses !== undefined) {
      const rate = WITNESS_MISHAPS[chooser.pick('workload', WITNESS_MISHAPS.length, 0.4)];
      this.#witnesses.network.mishaps = rate ?? 0;
    }
    const deeds = this.#witnesses === undefined ? DEEDS : WITNESSED_DEEDS;
    let life = await this.#start();
    while (chooser.pick('workload', 2, 1 - GOES_ON) === 1) {
      const deed = deeds[chooser.pick('workload', deeds.length, 0.2)] ?? 'add';
      story.count(deed);
      story.tell(deed);
      life = await this.#do(deed, life);
      oracle.check();
      if (!life.alive || life.log.status().unready?.startsWith('writing stopped')) life = await this.#again(life);
    }
    await this.#comeToRest(life);
    oracle.check();
  }

  /** Nothing fails any more: what is left is finished, and the log closes, opens and closes whole. */
  async #comeToRest(life: Life): Promise<void> {
    const { oracle, schedule } = this.#around;
    this.#mend();
    schedule.calm = true;
    await this.#close(life, CLOSE_MS);
    const last = await this.#start();
    // A frozen log refuses it.
    await this.#clients.send(last);
    for (let i = 0; isUnfinished(last.log, this.#around); i++) {
      if (i > 50) return oracle.breach('P8', 'what is sequenced is not published although nothing fails');
      await schedule.sleep(this, 100);
    }
    // Too few had cosigned what it opened with: they do now.
    for (let i = 0; i < 50 && last.log.status().stalled === 'witness'; i++) await schedule.sleep(this, 100);
    await this.#endIt(last);
    const { next, unready } = last.log.status();
    if (unready !== undefined && !last.log.status().frozen)
      oracle.breach('P7', `nothing fails, and the log is not ready: ${unready}`);
    await this.#close(last, CLOSE_MS, true);
    this.#machine.look();
    const checked = await this.#machine.checkVisible(true);
    this.#clients.judge(checked?.entries ?? [], 'once');
    if (next > (this.#frozen ?? next))
      oracle.breach('P7', `the log was frozen at ${this.#frozen} entries and has ${next}`);
    const shown = oracle.shown;
    if (shown !== next) oracle.breach('P8', `${next} entries are sequenced, and ${shown} published at the end`);
  }

  /** Nothing fails any more: a log that is frozen now comes to its end. */
  async #endIt({ log }: Life): Promise<void> {
    this.#frozen = (await endOfLog(log, this.#around, this)) ?? this.#frozen;
  }

  #mend(): void {
    this.#machine.rates = NO_FAULTS;
    this.#machine.dedupe.fails = false;
    this.#witnesses?.mend();
    this.#machine.disk.capacity = Number.MAX_SAFE_INTEGER;
  }

  async #start(): Promise<Life> {
    for (let failed = 0; ; failed++) {
      if (failed === PATIENCE) {
        this.#mend();
      }
      const life = await this.#machine.start();
      this.#around.oracle.check();
      if (life !== undefined) return life;
      if (failed > PATIENCE) throw new Error('the log does not start although nothing fails');
    }
  }

  /** The process is gone or its log stopped: it is closed for good measure, then started again. */
  async #again(life: Life): Promise<Life> {
    if (life.alive) {
      const failure = await life.log.failed;
      this.#around.story.tell(`the log stopped: ${failure.message}`);
      if (!life.troubled) this.#around.oracle.breach('P9', 'the log stopped although nothing failed', failure);
      await this.#close(life, CLOSE_MS);
    }
    this.#machine.kill();
    return this.#start();
  }

  async #do(deed: Deed, life: Life): Promise<Life> {
    const { chooser, schedule } = this.#around;
    switch (deed) {
      case 'add':
        this.#send(life, 1);
        return life;
      case 'add more':
        this.#send(life, 2 + chooser.pick('workload', 5, 0.3));
        return life;
      case 'repeat':
        if (this.#clients.sent > 0)
          void this.#clients.repeat(life, this.#clients.sent - 1 - chooser.pick('workload', this.#clients.sent, 0.2));
        return life;
      case 'wait':
        await this.#whileAlive(life, async () => {
          // On a full disk it would be for ever.
          for (let i = 0; i < 40 && this.#clients.owedBy(life) > 0; i++) await schedule.sleep(this, 5);
        });
        return life;
      case 'moment':
        await this.#moment();
        return life;
      case 'pause':
        await schedule.sleep(this, chooser.pick('workload', 30, 0.2));
        return life;
      case 'long pause':
        await schedule.sleep(this, 300);
        return life;
      case 'leave':
        await this.#sendAndLeave(life);
        return life;
      case 'close':
        await this.#close(life, chooser.pick('workload', 2, 0.7) === 0 ? CLOSE_MS : 3);
        return this.#start();
      case 'kill':
        this.#machine.kill();
        return this.#start();
      case 'power':
        await this.#losePower();
        return this.#start();
      case 'fill':
        this.#fill();
        return life;
      case 'witness':
        this.#witnesses?.misconduct();
        return life;
      case 'prove':
        await this.#whileAlive(life, () => this.#prove(life));
        return life;
      case 'freeze':
        // For good: a history has little left to do then.
        if (chooser.pick('workload', 2, 0.7) === 0) return life;
        await this.#whileAlive(life, () => this.#freeze(life));
        return life;
    }
  }

  #send(life: Life, count: number): void {
    for (let i = 0; i < count; i++) void this.#clients.send(life);
  }

  /** A few things happen, whatever they are. */
  async #moment(): Promise<void> {
    for (let i = -1, most = this.#around.chooser.pick('workload', 12, 0.2); i < most; i++)
      await this.#around.schedule.step(this);
  }

  /** A client that does not wait for its answer. */
  async #sendAndLeave(life: Life): Promise<void> {
    const leaving = new AbortController();
    void this.#clients.send(life, leaving.signal);
    await this.#around.schedule.sleep(this, this.#around.chooser.pick('workload', 8, 0.3));
    leaving.abort();
  }

  async #losePower(): Promise<void> {
    const { chooser } = this.#around;
    const how = chooser.pick('loss', 3, 0.3);
    const keeps = [() => false, () => true, () => chooser.pick('loss', 2, 0.5) === 0];
    await this.#machine.losePower(keeps[how] ?? (() => false));
  }

  #fill(): void {
    const { disk } = this.#machine;
    const { chooser, story } = this.#around;
    if (disk.capacity < Number.MAX_SAFE_INTEGER) {
      disk.capacity = Number.MAX_SAFE_INTEGER;
      story.tell('there is room again');
      return;
    }
    const blocks = chooser.pick('workload', 6, 0.2);
    disk.capacity = disk.used + blocks * 4096;
    story.tell(`the disk has room for ${blocks} more blocks`);
  }

  async #prove(life: Life): Promise<void> {
    const { size } = life.log.published().tree;
    if (size === 0) return;
    const index = this.#around.chooser.pick('workload', size, 0.3);
    const { entry } = await life.log.prove(index);
    this.#around.oracle.proved(index, entry);
  }

  /** Freezes the log, and waits a while for its end, which may come later or never. */
  async #freeze(life: Life): Promise<void> {
    const { oracle, story, schedule, chooser } = this.#around;
    const done = life.log.freeze().then(
      ({ publication }) => {
        if (!life.alive) return;
        story.count('frozen');
        this.#frozen = publication.tree.size;
        oracle.ended(publication.note);
      },
      (error: unknown) => {
        if (!life.alive || life.troubled || hasCode(error, 'storage-full', 'closing')) return;
        oracle.breach('P9', `the log could not be frozen although nothing failed: ${String(error)}`, error);
      },
    );
    await Promise.race([done, schedule.sleep(this, 20 * chooser.pick('workload', 5, 0.2))]);
  }

  async #close(life: Life, timeoutMs: number, must = false): Promise<void> {
    const { oracle } = this.#around;
    if (!life.alive) return this.#machine.kill();
    const outcome = await this.#whileAlive(life, () => life.log.close({ timeoutMs }));
    if (life.alive && this.#clients.owedBy(life) > 0) {
      oracle.breach('P8', `the log is closed, and ${this.#clients.owedBy(life)} clients still wait`);
    }
    if (must && outcome !== 'settled') oracle.breach('P8', 'nothing fails, and the log does not close in time');
    this.#machine.kill();
  }

  /** What `work` comes to, or nothing when the process ends first. */
  #whileAlive<T>(life: Life, work: () => Promise<T>): Promise<T | undefined> {
    return Promise.race([work(), life.died.then(() => undefined)]);
  }
}
