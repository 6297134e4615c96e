import { loadSignerFile } from '@tilewright/signer';
import { seededRandom } from '../crash/seeded-random.ts';
import { prefillLog } from '../engine/prefill.ts';
import { ourCommand } from '../server/commands.ts';
import { runCommand } from '../server/run-command.ts';
import type { WorkspaceDir } from '../server/workspace-dir.ts';
import { chooseFlips, type FlipResult, tryFlip } from './flip-bytes.ts';
import { plantLeftovers, servedFiles } from './served-files.ts';

/** What to build and damage. */
export interface FsckLargePlan {
  readonly workspace: WorkspaceDir;
  readonly entries: number;
  /** Random bytes for each kind of file, beside the first and last of one. */
  readonly flipsOfEachKind: number;
  readonly seed: number;
  readonly say: (line: string) => void;
}

/** What the checks found. */
export interface FsckLargeResult {
  readonly buildSeconds: number;
  /** Of the sound log. */
  readonly fsckSeconds: number;
  /** `log fsck` ended with 0 on the sound log, before and after all the damage was put back. */
  readonly sound: boolean;
  readonly flips: readonly FlipResult[];
  /** Output of the first check. */
  readonly output: string;
}

/** Builds a log with the real engine, checks it, and checks that damage to any kind of served file is found and named. */
export async function runFsckLarge(plan: FsckLargePlan): Promise<FsckLargeResult> {
  const place = await plan.workspace.place('large');
  const log = loadSignerFile(plan.workspace.keyPem, place.origin);
  const started = performance.now();
  await prefillLog(place.storageDir, log, plan.entries, (done) => {
    plan.say(`  ${done} of ${plan.entries} entries`);
  });
  const buildSeconds = (performance.now() - started) / 1_000;
  plan.say(`built ${plan.entries} entries in ${buildSeconds.toFixed(1)} s`);
  await plantLeftovers(place.storageDir);
  const fsck = ourCommand(['log', 'fsck', place.storageDir, '--vkey', log.vkey]);
  const checkStarted = performance.now();
  const before = await runCommand(fsck, plan.say);
  const fsckSeconds = (performance.now() - checkStarted) / 1_000;
  plan.say(`log fsck: exit ${before.code} in ${fsckSeconds.toFixed(1)} s`);
  const kinds = await servedFiles(place.storageDir);
  const chosen = await chooseFlips(place.storageDir, kinds, seededRandom(plan.seed), plan.flipsOfEachKind);
  const flips: FlipResult[] = [];
  for (const { kind, flip } of chosen) {
    const result = await tryFlip(place.storageDir, kind, flip, fsck);
    plan.say(`  ${kind}, ${flip.path} byte ${flip.offset}: ${result.found ? 'found and named' : 'NOT FOUND'}`);
    flips.push(result);
  }
  const after = await runCommand(fsck);
  const sound = before.code === 0 && after.code === 0;
  return { buildSeconds, fsckSeconds, sound, flips, output: before.output };
}
