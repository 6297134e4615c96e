import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SYNC_PURPOSES } from '@tilewright/store-posix';
import { onExit } from '../cli/exit-cleanup.ts';
import { runMain, say } from '../cli/run-main.ts';
import { REPOSITORY } from '../server/commands.ts';
import { FULL_LIFE, SHORT_LIFE } from './life/workload.ts';
import { machineFacts, whyNoBlocks } from './machine/facts.ts';
import { privateScratch, runWithPrivateMounts } from './machine/private-mounts.ts';
import { replayOne } from './replay-one.ts';
import { type FormReport, mediumFor, type PowerLossPlan, replayRecording, runForm } from './run-power-loss.ts';
import { loadRecording } from './saved-recording.ts';

const HELP = `usage: npm run powerloss -- [options]

Lets the real engine and the real store live on a real file system, records what they do, and then fails the power
again and again: makes what would be left, lets the real store recover there, goes on, and checks everything that was
ever promised. Two recordings:

  files   the store's own calls. Of what was not synced any subset is kept, 4 KiB blocks and names apart. The result is
          made of real files, on an ext4 over a loop device where one can be mounted.
  blocks  what an ext4 asks of the disk below it. Of what was not flushed any subset of 4 KiB blocks is kept. The
          result is mounted, so that the kernel replays its journal. Takes root, loop devices and FUSE.

  --form FORM       files, blocks or both (default both: blocks only where the machine allows it)
  --images N        images to judge, of each form (default 2000)
  --seconds N       or so long, for each form (default 140)
  --violations N    stop after so many broken promises (default 5)
  --seed N          chooses other subsets (default 1)
  --short           a life of ten entries instead of three hundred
  --deep            cuts short every recovery of 'files' twelve times, instead of one in eight three times
  --without SYNC    leaves the syncs of one purpose out: a planted defect, which must be found
  --dir DIR         makes the files of 'files' there, instead of on an ext4 of its own
  --save DIR        where recordings go that broke a promise (default bench/data)
  --replay FILE     uses such a recording, and makes none
  --moment N, --choice N   and judges only this one of its images
  --json FILE       writes the report to FILE as well
  --help

Exit status: 0 every promise held; 1 one was broken; 2 usage, or a form that this machine does not allow.
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      form: { type: 'string', default: 'both' },
      images: { type: 'string', default: '2000' },
      seconds: { type: 'string', default: '140' },
      violations: { type: 'string', default: '5' },
      seed: { type: 'string', default: '1' },
      short: { type: 'boolean', default: false },
      deep: { type: 'boolean', default: false },
      without: { type: 'string' },
      dir: { type: 'string' },
      save: { type: 'string', default: join(REPOSITORY, 'bench', 'data') },
      replay: { type: 'string' },
      moment: { type: 'string' },
      choice: { type: 'string' },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const { images, seconds, violations, seed, moment = '0', choice = '0' } = values;
  const numbers = [images, seconds, violations, seed, moment, choice];
  const without = SYNC_PURPOSES.find((purpose) => purpose === values.without);
  if (numbers.some((number) => !/^[0-9]{1,9}$/.test(number))) return usage('a number is not one');
  if (values.without !== undefined && without === undefined) return usage(`one of: ${SYNC_PURPOSES.join(', ')}`);
  if (!['files', 'blocks', 'both'].includes(values.form)) return usage('--form is files, blocks or both');
  let scratch = privateScratch();
  if (scratch === undefined) {
    scratch = makeScratch();
    const status = await runWithPrivateMounts(scratch);
    if (status !== undefined) return status;
  }
  const facts = machineFacts(scratch);
  for (const [name, fact] of Object.entries(facts)) say(`${name}: ${fact}`);
  const plan: PowerLossPlan = {
    facts,
    scratch,
    dir: values.dir,
    acts: values.short ? SHORT_LIFE : FULL_LIFE,
    without,
    cuts: values.deep ? { every: 1, times: 12 } : { every: 8, times: 3 },
    bounds: {
      images: Number(images),
      seconds: Number(seconds),
      violations: Number(violations),
      seed: Number(seed),
    },
    save: values.save,
    say,
  };
  const reports: Record<string, FormReport | string> = {};
  if (values.replay !== undefined) {
    const recording = loadRecording(values.replay);
    const medium = mediumFor(plan, scratch);
    try {
      if (values.moment !== undefined) {
        const crash = { moment: Number(moment), choice: Number(choice) };
        return await replayOne(recording, medium.dir, crash, plan.cuts, say);
      }
      reports[recording.form] = await replayRecording(recording, medium.dir, medium.name, plan);
    } finally {
      medium.close();
    }
  } else {
    const reason = whyNoBlocks(facts);
    if (values.form === 'blocks' && reason !== undefined) return usage(reason);
    if (values.form !== 'blocks') reports.files = await runForm('files', plan);
    if (values.form !== 'files') reports.blocks = reason ?? (await runForm('blocks', plan));
  }
  const report = `${JSON.stringify({ machine: facts, without, ...reports }, undefined, 2)}\n`;
  process.stdout.write(report);
  if (values.json !== undefined) fs.writeFileSync(values.json, report);
  const broken = Object.values(reports).some((form) => typeof form !== 'string' && form.violations.length > 0);
  return broken ? 1 : 0;
}

function usage(problem: string): number {
  say(`powerloss: ${problem}`);
  return 2;
}

/** In memory where that can be: images are made by the thousand, and what is tested is what the store asks for. */
function makeScratch(): string {
  const parent = fs.existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  const scratch = fs.mkdtempSync(join(parent, 'tilewright-power-loss-'));
  onExit(() => fs.rmSync(scratch, { recursive: true, force: true }));
  return scratch;
}

await runMain('powerloss', main);
