import { parseArgs } from 'node:util';
import { selectBackend } from '@tilewright/core/hash';
import { runMain, say } from '../cli/run-main.ts';
import { saveResults } from '../cli/save-results.ts';
import type { BenchRow } from './bench-row.ts';
import { hashLibraries } from './libraries.ts';
import { measure } from './measure.ts';
import { markdown, summarize } from './report.ts';
import { leafRows, nodeRows } from './rows/hash-rows.ts';
import { noteRows } from './rows/note-rows.ts';
import { proofRows } from './rows/proof-rows.ts';
import { smallTreeRows } from './rows/small-tree-rows.ts';
import { treeRows } from './rows/tree-rows.ts';
import { verdicts } from './targets.ts';

const HELP = `usage: npm run bench:core -- [options]

Measures @tilewright/core on one core: its hash backends (node, wasm-simd, javascript) and what is built on them, each
beside @noble/hashes, createHash and crypto.hash of node:crypto, hash-wasm and @chainsafe/as-sha256; trees and proofs also
beside merkletreejs and @sigstore/verify, checkpoints beside @sigstore/verify and the bare signature checks. In every round each
takes its turn; figures are medians of CPU time, so that other programs count little, and of ratios within a round.
Writes bench/results/<time>-core.json and .md.

  --quick        fewer and shorter samples
  --only TEXT    only rows whose name holds TEXT
  --help

Exit status: 0, targets met or not; 1 a measurement failed, or contestants disagree; 2 usage.
`;

async function main(): Promise<number> {
  const { values: options } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const length = options.quick
    ? { rounds: 5, sampleSeconds: 0.01, warmUpSeconds: 0.05 }
    : { rounds: 15, sampleSeconds: 0.02, warmUpSeconds: 0.25 };
  const rows = (await allRows()).filter(({ name }) => name.includes(options.only));
  const figures = rows.map((row) => {
    say(`bench: ${row.name}`);
    return measure(row, length);
  });
  selectBackend('fastest');
  const reached = verdicts(figures);
  const table = markdown(figures, reached);
  process.stdout.write(`${table}\n`);
  await saveResults('core', table, { rows: figures.map(summarize), verdicts: reached });
  return 0;
}

async function allRows(): Promise<BenchRow[]> {
  const libraries = await hashLibraries();
  return [
    ...nodeRows(libraries),
    ...leafRows(libraries),
    ...treeRows(libraries),
    ...smallTreeRows(libraries),
    ...proofRows(libraries),
    ...(await noteRows()),
  ];
}

await runMain('bench:core', main);
