import { hasCode } from '@tilewright/log';
import type { Surroundings } from '../machine/machine.ts';
import { type Mishaps, NO_MISHAPS } from '../replicas/ambiguity.ts';
import type { Cluster, Replica } from '../replicas/cluster.ts';
import type { Clients } from './clients.ts';
import { endOfLog, isUnfinished } from './end-of-log.ts';

/** How likely a history goes on after each thing that is done. */
const GOES_ON = 0.9;
const CLOSE_MS = 5_000;

/** What goes wrong in one history. */
const CLIMATES: readonly Mishaps[] = [
  NO_MISHAPS,
  { ...NO_MISHAPS, append: 0.2 },
  { ...NO_MISHAPS, write: 0.04 },
  { append: 0.1, write: 0.01, read: 0.005, housekeeping: 0.1, silence: 0.004 },
];

type Deed =
  | 'add'
  | 'add more'
  | 'repeat'
  | 'wait'
  | 'moment'
  | 'pause'
  | 'leave'
  | 'stop'
  | 'go on'
  | 'close'
  | 'kill'
  | 'freeze';

/** In the order of the chooser's answers: the first is the plain one. */
const DEEDS: readonly Deed[] = [
  ...([
    'add',
    'add',
    'add more',
    'add more',
    'repeat',
    'repeat',
    'wait',
    'moment',
    'moment',
    'pause',
    'pause',
    'leave',
  ] as const),
  ...(['stop', 'go on', 'close', 'kill', 'kill', 'freeze'] as const),
];

/** Runs replicas of one log through an eventful time, then lets them come to rest and looks at everything. */
export class ClusterWorkload {
  readonly #cluster: Cluster;
  readonly #clients: Clients;
  readonly #around: Surroundings;
  readonly #replicas: Replica[] = [];
  readonly #stopped = new Set<Replica>();
  /** The next index when the log was frozen. */
  #frozen: number | undefined;

  constructor(cluster: Cluster, clients: Clients, around: Surroundings) {
    this.#cluster = cluster;
    this.#clients = clients;
    this.#around = around;
  }

  async run(): Promise<void> {
    const { chooser, oracle, story } = this.#around;
    const count = 2 + chooser.pick('workload', 2, 0.6);
    this.#cluster.mishaps = CLIMATES[chooser.pick('workload', CLIMATES.length, 0.3)] ?? NO_MISHAPS;
    for (let at = 0; at < count; at++) this.#replicas[at] = await this.#start();
    while (chooser.pick('workload', 2, 1 - GOES_ON) === 1) {
      const deed = DEEDS[chooser.pick('workload', DEEDS.length, 0.15)] ?? 'add';
      const at = chooser.pick('workload', count, 0.4);
      story.count(deed);
      story.tell(`${deed} (process ${this.#replica(at).number})`);
      await this.#do(deed, at);
      for (let each = 0; each < count; each++) await this.#attend(each);
      oracle.check();
    }
    await this.#comeToRest();
    oracle.check();
  }

  /** Nothing fails any more: what is left is finished, and the log closes, opens and closes whole. */
  async #comeToRest(): Promise<void> {
    const { oracle, schedule } = this.#around;
    for (const replica of this.#stopped) schedule.goOn(replica);
    this.#cluster.mishaps = NO_MISHAPS;
    schedule.calm = true;
    await Promise.all(this.#replicas.map((replica) => this.#close(replica, CLOSE_MS, !replica.troubled)));
    const last = await this.#start();
    // A frozen log refuses it.
    await this.#clients.send(last);
    for (let i = 0; isUnfinished(last.log, this.#around); i++) {
      if (i > 100) return oracle.breach('P8', 'what is sequenced is not published although nothing fails');
      await schedule.sleep(this, 100);
    }
    await this.#endIt(last);
    const { next, unready } = last.log.status();
    if (unready !== undefined && !last.log.status().frozen)
      oracle.breach('P7', `nothing fails, and the log is not ready: ${unready}`);
    await this.#close(last, CLOSE_MS, true);
    await this.#cluster.check().then(
      (checked) => {
        oracle.judgeEnd(checked);
        this.#clients.judge(checked.entries, 'as-sent');
      },
      (cause: unknown) => oracle.breach('P2', `what is published does not hold together: ${String(cause)}`, cause),
    );
    if (next > (this.#frozen ?? next))
      oracle.breach('P7', `the log was frozen at ${this.#frozen} entries and has ${next}`);
    if (oracle.shown !== next || next !== this.#cluster.store.state.next) {
      oracle.breach('P8', `${next} entries are sequenced, and ${oracle.shown} published at the end`);
    }
  }

  /** Nothing fails any more: a log that is frozen now comes to its end. */
  async #endIt({ log }: Replica): Promise<void> {
    this.#frozen = (await endOfLog(log, this.#around, this)) ?? this.#frozen;
  }

  async #start(): Promise<Replica> {
    for (let failed = 0; ; failed++) {
      if (failed === 3) this.#cluster.mishaps = NO_MISHAPS;
      const replica = await this.#cluster.start();
      this.#around.oracle.check();
      if (replica !== undefined) return replica;
      if (failed > 3) throw new Error('the log does not start although nothing fails');
    }
  }

  /** Starts a replica again whose log can write no more. */
  async #attend(at: number): Promise<void> {
    const replica = this.#replica(at);
    if (!replica.log.status().unready?.startsWith('writing stopped') || this.#stopped.has(replica)) return;
    const failure = await replica.log.failed;
    const { story, oracle } = this.#around;
    story.tell(`process ${replica.number} stopped: ${failure.message}`);
    if (!replica.troubled) oracle.breach('P9', `the log stopped although nothing failed: ${failure.message}`, failure);
    await this.#close(replica, CLOSE_MS, false);
    this.#replicas[at] = await this.#start();
  }

  async #do(deed: Deed, at: number): Promise<void> {
    const { chooser, schedule } = this.#around;
    const replica = this.#replica(at);
    switch (deed) {
      case 'add':
        return void this.#clients.send(replica);
      case 'add more':
        for (let i = -1; i < chooser.pick('workload', 4, 0.3); i++) void this.#clients.send(replica);
        return;
      case 'repeat':
        if (this.#clients.sent > 0)
          void this.#clients.repeat(
            replica,
            this.#clients.sent - 1 - chooser.pick('workload', this.#clients.sent, 0.2),
          );
        return;
      case 'wait':
        for (let i = 0; i < 40 && this.#owed() > 0; i++) await schedule.sleep(this, 10);
        return;
      case 'moment':
        for (let i = -1, most = chooser.pick('workload', 12, 0.2); i < most; i++) await schedule.step(this);
        return;
      case 'pause':
        return schedule.sleep(this, chooser.pick('workload', 200, 0.2));
      case 'leave':
        return this.#sendAndLeave(replica);
      case 'stop':
        schedule.stop(replica);
        this.#stopped.add(replica);
        return;
      case 'go on':
        schedule.goOn(replica);
        this.#stopped.delete(replica);
        return;
      case 'close':
        if (!this.#stopped.has(replica))
          await this.#close(replica, chooser.pick('workload', 2, 0.7) === 0 ? CLOSE_MS : 3, false);
        return this.#replace(at);
      case 'kill':
        return this.#replace(at);
      case 'freeze':
        // For good: a history has little left to do then.
        if (chooser.pick('workload', 2, 0.7) === 0) return;
        return this.#freeze(replica);
    }
  }

  /** A replica freezes the log, and waits a while for its end, which may come later or never. */
  async #freeze(replica: Replica): Promise<void> {
    const { oracle, story, schedule, chooser } = this.#around;
    const done = replica.log.freeze().then(
      ({ publication }) => {
        if (!replica.alive) return;
        story.count('frozen');
        this.#frozen = publication.tree.size;
        oracle.ended(publication.note);
      },
      (error: unknown) => {
        if (!replica.alive || replica.troubled || hasCode(error, 'closing')) return;
        oracle.breach('P9', `the log could not be frozen although nothing failed: ${String(error)}`, error);
      },
    );
    await Promise.race([done, schedule.sleep(this, 50 * chooser.pick('workload', 5, 0.2))]);
  }

  async #replace(at: number): Promise<void> {
    const replica = this.#replica(at);
    this.#stopped.delete(replica);
    this.#cluster.kill(replica);
    this.#replicas[at] = await this.#start();
  }

  async #sendAndLeave(replica: Replica): Promise<void> {
    const leaving = new AbortController();
    void this.#clients.send(replica, leaving.signal);
    await this.#around.schedule.sleep(this, this.#around.chooser.pick('workload', 8, 0.3));
    leaving.abort();
  }

  #owed(): number {
    const awake = this.#replicas.filter((replica) => !this.#stopped.has(replica));
    return awake.reduce((sum, replica) => sum + this.#clients.owedBy(replica), 0);
  }

  #replica(at: number): Replica {
    const replica = this.#replicas[at];
    if (replica === undefined) throw new RangeError(`there is no replica ${at}`);
    return replica;
  }

  async #close(replica: Replica, timeoutMs: number, must: boolean): Promise<void> {
    const { oracle, story } = this.#around;
    const outcome = await replica.log.close({ timeoutMs });
    story.tell(`process ${replica.number} closes: ${outcome}`);
    const owed = this.#clients.owedBy(replica);
    if (owed > 0) oracle.breach('P8', `process ${replica.number} has closed, and ${owed} clients still wait`);
    if (must && outcome !== 'settled')
      oracle.breach('P8', `nothing fails, and process ${replica.number} does not close in time`);
    this.#cluster.kill(replica);
  }
}
