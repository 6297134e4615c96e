import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runMain, say } from '../cli/run-main.ts';
import { ourCommand, ourServer, REPOSITORY, referenceServer } from '../server/commands.ts';
import { makeWorkspaceDir } from '../server/workspace-dir.ts';
import { runCrashLoop } from './run-crash-loop.ts';
import { seededRandom } from './seeded-random.ts';
import { directorySource, httpSource } from './tile-source.ts';

const HELP = `usage: npm run crash -- [options]

Kills Tilewright with SIGKILL under load, over and over, and starts it again on the same log. After every restart: no
acknowledged entry lost, no index changed, every checkpoint ever seen consistent with the log, log fsck clean, and no
path below tile/ ever with two contents.

  --rounds N         kills (default 50)
  --writers N        submissions under way (default 64)
  --seed N           makes the times of the kills repeatable
  --json FILE        write the summary to FILE
  --reference PATH   crash rekor-server-posix instead: shows what the loop itself can see (no fsck)
  --help

Exit status: 0 nothing broken; 1 a promise was broken; 2 usage.
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '50' },
      writers: { type: 'string', default: '64' },
      seed: { type: 'string' },
      json: { type: 'string' },
      reference: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const seed = Number(values.seed ?? Date.now() % 1_000_000);
  say(`seed ${seed}`);
  const scratch = join(REPOSITORY, 'bench', 'data');
  await mkdir(scratch, { recursive: true });
  const workspace = await makeWorkspaceDir(scratch);
  const { reference } = values;
  const started = performance.now();
  try {
    const result = await runCrashLoop({
      workspace,
      rounds: Number(values.rounds),
      writers: Number(values.writers),
      loadMs: reference === undefined ? [150, 1_500] : [1_200, 2_500],
      random: seededRandom(seed),
      server: (place) => (reference === undefined ? ourServer(place) : referenceServer(reference, place)),
      source: (place) => (reference === undefined ? httpSource(place.ports.http) : directorySource(place.storageDir)),
      fsck:
        reference === undefined
          ? (place, log) => ourCommand(['log', 'fsck', place.storageDir, '--vkey', log.vkey])
          : undefined,
      say,
    });
    const seconds = Math.round((performance.now() - started) / 1_000);
    const summary = `${JSON.stringify({ seed, seconds, ...result }, undefined, 2)}\n`;
    process.stdout.write(summary);
    if (values.json !== undefined) await writeFile(values.json, summary);
    return result.violations.length > 0 ? 1 : 0;
  } finally {
    await workspace.remove();
  }
}

await runMain('crash', main);
