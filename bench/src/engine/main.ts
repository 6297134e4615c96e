import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runMain, say } from '../cli/run-main.ts';
import { saveResults } from '../cli/save-results.ts';
import { probeFsync } from '../load/fsync-probe.ts';
import { REPOSITORY } from '../server/commands.ts';
import { makeWorkspaceDir } from '../server/workspace-dir.ts';
import { sizeTable, throughputTable } from './engine-report.ts';
import { runSizes } from './run-sizes.ts';
import { runThroughput } from './run-throughput.ts';

const HELP = `usage: npm run bench:engine -- [options]

Measures the log engine alone, without HTTP and without signatures to check: every entry counted is durable, and a
published checkpoint covers it with a verified proof. Two tables: entries a second by store, entry size and the way they
come; and what a log costs at 1,000, 10,000 … entries of 128 bytes: CPU an entry, memory, start-up, log fsck.
Each measurement is a process of its own. Writes bench/results/<time>-engine.json and .md.

  --throughput     the first table alone
  --sizes          the second table alone
  --largest N      largest log of the second table (default 1000000; 10000000 takes about ten minutes and 3 GB)
  --seconds N      of each row of the first table (default 6)
  --help

Exit status: 0 every target met; 1 one missed, or a run failed; 2 usage.
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      throughput: { type: 'boolean', default: false },
      sizes: { type: 'boolean', default: false },
      largest: { type: 'string', default: '1000000' },
      seconds: { type: 'string', default: '6' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const largest = Number(values.largest);
  const seconds = Number(values.seconds);
  if (!Number.isSafeInteger(largest) || largest < 1000 || largest > 1e8 || !(seconds > 0 && seconds <= 600)) {
    say('bench:engine: --largest takes 1000 to 100000000 entries, --seconds up to 600');
    return 2;
  }
  const both = values.throughput === values.sizes;
  const scratch = join(REPOSITORY, 'bench', 'data');
  await mkdir(scratch, { recursive: true });
  const workspace = await makeWorkspaceDir(scratch);
  try {
    const disk = await probeFsync(workspace.path);
    const throughput = both || values.throughput ? await runThroughput(workspace, seconds, say) : [];
    const sizes = both || values.sizes ? await runSizes(workspace, largest, say) : [];
    const tables = [throughputTable(throughput), sizeTable(sizes)].filter(({ lines }) => lines.length > 0);
    const probe = `fdatasync ${disk.p50.toFixed(2)} ms p50, ${disk.p99.toFixed(2)} ms p99${disk.noisy ? ': disk noisy' : ''}`;
    const text = [...tables.flatMap(({ lines }) => [...lines, '']), probe].join('\n');
    process.stdout.write(`${text}\n`);
    await saveResults('engine', text, { throughput, sizes, disk });
    return tables.every(({ met }) => met) ? 0 : 1;
  } finally {
    await workspace.remove();
  }
}

await runMain('bench:engine', main);
