import { DEFAULT_LOG_OPTIONS, type LogOptions } from '@tilewright/log';
import { emptyMemoryState } from '@tilewright/store-memory';
import type { Chooser } from '../choice/chooser.ts';
import type { HistoryOutcome } from '../history/history.ts';
import { Oracle } from '../oracle/oracle.ts';
import { NO_MISHAPS } from '../replicas/ambiguity.ts';
import { Cluster, type Replica } from '../replicas/cluster.ts';
import { Clients } from '../workload/clients.ts';
import { Schedule } from '../world/schedule.ts';
import { Story } from '../world/story.ts';

const BOUNDS = { steps: 3_000, ms: 600_000 };
/** Tiles of two hashes and batches of one entry: three entries are three batches and three full tiles. */
const OPTIONS = {
  ...DEFAULT_LOG_OPTIONS,
  batch: { maxEntries: 1, maxBytes: 100 },
  retry: { firstMs: 2, lastMs: 50 },
  tileHeight: 1,
};
const SMALL_CHANCE = 1e-9;
const SLOT_MS = 40;

/** Two replicas that are sent three entries, each a batch; whoever is killed is started again. */
export function replicasScenario(chooser: Chooser, told: boolean): Promise<HistoryOutcome> {
  return scenario([0, 1, 0], undefined, chooser, told);
}

/** Two replicas that are sent an entry each, while the second freezes the log. */
export function freezeScenario(chooser: Chooser, told: boolean): Promise<HistoryOutcome> {
  return scenario([0, 1], 1, chooser, told);
}

/** Two replicas that are sent an entry each, and answer when a tree is signed: a checkpoint may be replaced every 40 ms. */
export function signedScenario(chooser: Chooser, told: boolean): Promise<HistoryOutcome> {
  const options: LogOptions = { ...OPTIONS, publishIntervalMs: SLOT_MS, answerAt: 'signed', answerIntervalMs: 1 };
  return scenario([0, 1], undefined, chooser, told, options, SLOT_MS);
}

/** `sent` says whom the entries are sent to, `freezes` who freezes the log. */
async function scenario(
  sent: readonly number[],
  freezes: number | undefined,
  chooser: Chooser,
  told: boolean,
  options: LogOptions = OPTIONS,
  intervalMs = 0,
): Promise<HistoryOutcome> {
  const story = new Story(told);
  const oracle = new Oracle();
  const schedule = new Schedule(chooser, BOUNDS, 'sticky');
  const around = { chooser, schedule, oracle, story };
  const manner = { answersTravel: false, killsAfterWrites: true };
  const cluster = new Cluster(emptyMemoryState(), around, options, intervalMs, manner);
  const clients = new Clients(oracle, story, 0);
  const replicas: Replica[] = [];
  const owner = {};

  const start = async (): Promise<Replica> => {
    for (let tries = 0; tries < 5; tries++) {
      const replica = await cluster.start();
      oracle.check();
      if (replica !== undefined) return replica;
    }
    throw new Error('the log does not start');
  };
  const attend = async (at: number): Promise<void> => {
    const replica = replicas[at];
    if (replica === undefined) return;
    const stopped = replica.log.status().unready?.startsWith('writing stopped') === true;
    if (replica.alive && !stopped) return;
    if (stopped && !replica.troubled) oracle.breach('P9', `a log stopped: ${(await replica.log.failed).message}`);
    cluster.kill(replica);
    replicas[at] = await start();
  };
  const work = async (): Promise<void> => {
    schedule.calm = true;
    for (const at of [0, 1]) replicas[at] = await start();
    schedule.calm = false;
    cluster.mishaps = { ...NO_MISHAPS, append: SMALL_CHANCE, write: SMALL_CHANCE };
    for (const at of sent) {
      const replica = replicas[at];
      if (replica !== undefined) void clients.send(replica);
    }
    const freezer = freezes === undefined ? undefined : replicas[freezes];
    void freezer?.log.freeze().then(
      ({ publication }) => freezer.alive && oracle.ended(publication.note),
      (error: unknown) => {
        if (freezer.alive && !freezer.troubled) oracle.breach('P9', `the log could not be frozen: ${String(error)}`);
      },
    );
    for (let i = 0; i < 20; i++) {
      await schedule.sleep(owner, 25);
      for (const at of [0, 1]) await attend(at);
      if (replicas.every((replica) => clients.owedBy(replica) === 0)) break;
    }
    cluster.mishaps = NO_MISHAPS;
    schedule.calm = true;
    for (const at of [0, 1]) await attend(at);
    for (let i = 0; i < 20 && oracle.shown < cluster.store.state.next; i++) await schedule.sleep(owner, 25);
    if (oracle.shown < cluster.store.state.next) {
      // Nobody is left who was told of them: the next start publishes them.
      await start();
    }
    if (oracle.shown < cluster.store.state.next) oracle.breach('P8', 'what is sequenced is not published');
    const isEnded = (): boolean => cluster.store.state.frozenAtMs === undefined || oracle.hasEnded;
    for (let i = 0; i < 20 && !isEnded(); i++) await schedule.sleep(owner, 25);
    if (!isEnded()) oracle.breach('P8', 'the log is frozen, and its last checkpoint is not published');
    oracle.judgeEnd(await cluster.check());
    oracle.check();
  };
  let broken: unknown;
  try {
    await schedule.until(work());
  } catch (error) {
    broken = error;
  } finally {
    schedule.end();
  }
  return { broken: oracle.broken ?? broken, steps: schedule.count, counts: story.counts, story: story.lines };
}
