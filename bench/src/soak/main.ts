import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runMain, say } from '../cli/run-main.ts';
import { REPOSITORY } from '../server/commands.ts';
import { makeWorkspaceDir } from '../server/workspace-dir.ts';
import { runSoak } from './run-soak.ts';

const HELP = `usage: npm run soak -- [options]

Sends the whole table of good and bad requests to Tilewright over HTTP and gRPC, over and over, beside clients that leave
in the middle of a request or an answer, fall silent, or give a millisecond. Every answer is judged. At the end the heap
after a forced collection must not have grown by 5 % since the warm-up, descriptors not at all, and the resident set not
by 15 % over the first half; nobody may wait, log fsck must be clean, and SIGTERM must end with 0.

  --rounds N        times that the table is sent (default 200)
  --warmup N        of these, before the first measurement (default 10)
  --concurrency N   table requests under way (default 32)
  --json FILE       write the summary to FILE
  --help

Exit status: 0 all held; 1 something did not; 2 usage.
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '200' },
      warmup: { type: 'string', default: '10' },
      concurrency: { type: 'string', default: '32' },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const [rounds, warmup, concurrency] = [values.rounds, values.warmup, values.concurrency].map(Number);
  const scratch = join(REPOSITORY, 'bench', 'data');
  await mkdir(scratch, { recursive: true });
  const workspace = await makeWorkspaceDir(scratch);
  const started = performance.now();
  try {
    const result = await runSoak({
      workspace,
      rounds: rounds ?? 0,
      warmup: warmup ?? 0,
      concurrency: concurrency ?? 0,
      limits: { heap: 0.05, resident: 0.15 },
      serverTimeoutMs: undefined,
      say,
    });
    const seconds = Math.round((performance.now() - started) / 1_000);
    const summary = `${JSON.stringify({ seconds, ...result }, undefined, 2)}\n`;
    process.stdout.write(summary);
    if (values.json !== undefined) await writeFile(values.json, summary);
    return result.violations.length > 0 ? 1 : 0;
  } finally {
    await workspace.remove();
  }
}

await runMain('soak', main);
