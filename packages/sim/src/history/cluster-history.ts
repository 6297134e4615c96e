import type { LogOptions } from '@tilewright/log';
import { emptyMemoryState } from '@tilewright/store-memory';
import type { Chooser } from '../choice/chooser.ts';
import { Oracle } from '../oracle/oracle.ts';
import { Cluster } from '../replicas/cluster.ts';
import { Clients } from '../workload/clients.ts';
import { ClusterWorkload } from '../workload/cluster-workload.ts';
import { chooseSettings } from '../workload/log-settings.ts';
import { Schedule } from '../world/schedule.ts';
import { Story } from '../world/story.ts';
import type { HistoryOutcome } from './history.ts';

const BOUNDS = { steps: 40_000, ms: 3_600_000 };
/** Shortest pause between two checkpoints: none, or what object stores ask for. */
const INTERVALS = [0, 1100];
/** The same, where replicas answer ahead of publication, which nobody does without a pause. */
const SLOTS = [1100, 80];
const ANSWER_INTERVALS = [2, 100];

/** One history of two or three replicas on one store: the real engine, and a network that loses and delays. */
export function clusterHistory(chooser: Chooser, told: boolean): Promise<HistoryOutcome> {
  const options = chooseSettings(chooser, 1 + chooser.pick('workload', 3, 0.4));
  const interval = INTERVALS[chooser.pick('workload', INTERVALS.length, 0.7)] ?? 0;
  return history(chooser, told, options, interval);
}

/** As {@link clusterHistory}, of replicas that answer as soon as a tree is signed. */
export function signedHistory(chooser: Chooser, told: boolean): Promise<HistoryOutcome> {
  const options = chooseSettings(chooser, 1 + chooser.pick('workload', 3, 0.4));
  const answerIntervalMs = ANSWER_INTERVALS[chooser.pick('workload', ANSWER_INTERVALS.length, 0.5)] ?? 1;
  const interval = SLOTS[chooser.pick('workload', SLOTS.length, 0.3)] ?? 0;
  return history(chooser, told, { ...options, answerAt: 'signed', answerIntervalMs }, interval);
}

async function history(
  chooser: Chooser,
  told: boolean,
  options: LogOptions,
  interval: number,
): Promise<HistoryOutcome> {
  const oracle = new Oracle();
  const story = new Story(told);
  const schedule = new Schedule(chooser, BOUNDS);
  const around = { chooser, schedule, oracle, story };
  const cluster = new Cluster(emptyMemoryState(), around, options, interval);
  let broken: unknown;
  try {
    await schedule.until(new ClusterWorkload(cluster, new Clients(oracle, story, 0), around).run());
  } catch (error) {
    broken = error;
  } finally {
    schedule.end();
  }
  return { broken: oracle.broken ?? broken, steps: schedule.count, counts: story.counts, story: story.lines };
}
