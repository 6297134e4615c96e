import fs from 'node:fs';
import { join } from 'node:path';
import { generateEd25519KeyPem } from '@tilewright/signer';
import type { SyncPurpose } from '@tilewright/store-posix';
import { recordBlocks } from './blocks/block-recording.ts';
import { recordFiles } from './files/file-recording.ts';
import type { CutShort } from './files/file-site.ts';
import type { Act } from './life/workload.ts';
import { canMount, type MachineFacts, whyNoBlocks } from './machine/facts.ts';
import { loopMedium, type Medium, plainMedium } from './machine/medium.ts';
import { type CrashBounds, type CrashReport, runCrashes } from './run-crashes.ts';
import { type Recording, saveRecording, siteOf } from './saved-recording.ts';

/** What is recorded: the driver's calls, or what reaches the disk below a file system. */
export type Form = Recording['form'];

/** What to do. */
export interface PowerLossPlan {
  readonly facts: MachineFacts;
  /** An empty directory for images, mount points and the like. */
  readonly scratch: string;
  /** A directory to make the files of images in, instead of an ext4 of our own. */
  readonly dir: string | undefined;
  readonly acts: readonly Act[];
  readonly without: SyncPurpose | undefined;
  readonly cuts: CutShort;
  readonly bounds: CrashBounds;
  /** Where recordings go in which a promise was broken. */
  readonly save: string;
  readonly say: (line: string) => void;
}

/** What one form did and found. */
export interface FormReport extends Omit<CrashReport, 'violations'> {
  /** The file system that the log lived on, and recovers on. */
  readonly medium: string;
  /** Changes and syncs that were recorded. */
  readonly recorded: number;
  readonly syncs: number;
  readonly answers: number;
  readonly signed: number;
  readonly served: number;
  readonly imagesPerSecond: number;
  readonly violations: readonly { readonly broken: string; readonly replay: string }[];
}

/** Lives a life on a real file system, fails its power over and over, and judges what is left. */
export async function runForm(form: Form, plan: PowerLossPlan): Promise<FormReport> {
  const scratch = join(plan.scratch, form);
  fs.mkdirSync(scratch);
  const medium = form === 'files' ? mediumFor(plan, scratch) : undefined;
  try {
    const recording = await record(form, plan, medium?.dir ?? scratch);
    const name = recording.form === 'blocks' ? `${recording.mounted} over a recording disk` : medium?.name;
    return await replayRecording(recording, medium?.dir ?? scratch, name ?? '', plan);
  } finally {
    medium?.close();
  }
}

/** Fails the power of a recorded log; images are made in `dir`. */
export async function replayRecording(
  recording: Recording,
  dir: string,
  medium: string,
  plan: PowerLossPlan,
): Promise<FormReport> {
  const counts = countsOf(recording);
  plan.say(`${recording.form}: ${counts.recorded} changes and ${counts.syncs} syncs recorded, on ${medium}`);
  const site = await siteOf(recording, dir, plan.cuts);
  const { violations, ...report } = await runCrashes(site, plan.bounds, plan.say);
  const told = violations.map(({ broken, after, moment, choice, recording: itsOwn }, at) => {
    const path = join(plan.save, `power-loss-${recording.form}${itsOwn === undefined ? '' : `-${at}`}.recording`);
    fs.mkdirSync(plan.save, { recursive: true });
    saveRecording(itsOwn ?? recording, path);
    const replay = `npm run powerloss -- --replay ${path} --moment ${moment} --choice ${choice}`;
    return { broken: `after ${after}: ${broken}`, replay };
  });
  const imagesPerSecond = Math.round((10 * report.images) / report.seconds) / 10;
  return { medium, ...counts, ...report, imagesPerSecond, violations: told };
}

/** An ext4 for the files of a recording, where one can be mounted; otherwise whatever there is. */
export function mediumFor(plan: Pick<PowerLossPlan, 'dir' | 'facts'>, scratch: string): Medium {
  if (plan.dir !== undefined) return plainMedium(plan.dir);
  return canMount(plan.facts) ? loopMedium(scratch) : plainMedium(scratch);
}

async function record(form: Form, { acts, without, facts }: PowerLossPlan, dir: string): Promise<Recording> {
  const keyPem = generateEd25519KeyPem();
  if (form === 'blocks') {
    const reason = whyNoBlocks(facts);
    if (reason !== undefined) throw new Error(reason);
    return recordBlocks(dir, keyPem, acts, without);
  }
  const recorded = join(dir, 'recorded');
  fs.mkdirSync(recorded);
  return recordFiles(recorded, keyPem, acts, without);
}

function countsOf(recording: Recording): Pick<FormReport, 'recorded' | 'syncs' | 'answers' | 'signed' | 'served'> {
  const { answers, signed, served } = recording.promises;
  const promises = { answers: answers.length, signed: signed.length, served: served.length };
  if (recording.form === 'blocks') {
    const count = (wanted: string): number => recording.events.filter(({ kind }) => kind === wanted).length;
    return { recorded: count('write'), syncs: count('flush'), ...promises };
  }
  const steps = recording.steps.filter(({ change, failed }) => change.kind !== 'open' && failed !== true);
  const syncs = steps.filter(({ change }) => 'purpose' in change).length;
  return { recorded: steps.length - syncs, syncs, ...promises };
}
