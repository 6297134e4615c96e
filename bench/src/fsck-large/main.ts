import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runMain, say } from '../cli/run-main.ts';
import { REPOSITORY } from '../server/commands.ts';
import { makeWorkspaceDir } from '../server/workspace-dir.ts';
import { runFsckLarge } from './run-fsck-large.ts';

const HELP = `usage: npm run fsck:large -- [options]

Makes a log with the real engine, checks it with log fsck, then flips single bytes in every kind of served file
(checkpoint, tiles of each level, bundles, leftover partials) and expects log fsck to end with 1 and name the file.

  --entries N   size of the log (default 100000)
  --flips N     random bytes for each kind, beside the first and last of one file (default 2)
  --seed N      makes the choice of bytes repeatable
  --help

Exit status: 0 the log is sound and all damage was found; 1 otherwise; 2 usage.
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      entries: { type: 'string', default: '100000' },
      flips: { type: 'string', default: '2' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const scratch = join(REPOSITORY, 'bench', 'data');
  await mkdir(scratch, { recursive: true });
  const workspace = await makeWorkspaceDir(scratch);
  try {
    const result = await runFsckLarge({
      workspace,
      entries: Number(values.entries),
      flipsOfEachKind: Number(values.flips),
      seed: Number(values.seed),
      say,
    });
    const missed = result.flips.filter((flip) => !flip.found);
    for (const flip of missed) {
      process.stdout.write(
        `NOT FOUND ${flip.path} byte ${flip.offset}: exit ${flip.result.code}\n${flip.result.output}\n`,
      );
    }
    if (!result.sound) process.stdout.write(`the sound log did not pass:\n${result.output}\n`);
    process.stdout.write(
      `${values.entries} entries built in ${result.buildSeconds.toFixed(1)} s, checked in ` +
        `${result.fsckSeconds.toFixed(1)} s; ${result.flips.length - missed.length} of ${result.flips.length} ` +
        'flipped bytes found and named\n',
    );
    return result.sound && missed.length === 0 ? 0 : 1;
  } finally {
    await workspace.remove();
  }
}

await runMain('fsck:large', main);
