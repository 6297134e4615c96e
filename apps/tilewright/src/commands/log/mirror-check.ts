import { compareMirrors, type MirrorDifference, type MirrorReport, patientTileSource } from '@tilewright/client';
import { encodeBase64 } from '@tilewright/core/bytes';
import type { Tree } from '@tilewright/core/merkle';
import { type Command, defineCommand } from '../../cli/command.ts';
import { logKeyFlags, requireLogKey } from '../../reading/log-key.ts';
import { openSource, reading } from '../../reading/open-source.ts';
import { parallelFlag } from '../../reading/parallel-flag.ts';
import { nodeClock } from '../../serve/storage/node-world.ts';
import { jsonFlag } from '../../terminal/print-facts.ts';
import { progressLine } from '../../terminal/progress-line.ts';

/** `tilewright log mirror-check`. */
export const logMirrorCheck: Command = defineCommand({
  name: 'log mirror-check',
  summary: 'Compare two copies of a log byte for byte, and name the first difference',
  description:
    'Reads two copies of one log, each at a URL or in a directory, which may be in use. Verifies both checkpoints, proves that the larger one continues the smaller, and compares every bundle and tile up to the smaller one. A partial tile that one of them has collected is cut from the full one.\n\nAt the first difference the path, the byte and both sizes are named, and which copy is not what the log signed; the exit status is 1. That a copy agrees with its own checkpoint is for log fsck to say. Nothing is written.',
  usage: '<url, gs://bucket or directory> <url, gs://bucket or directory> [flags]',
  examples: [
    "tilewright log mirror-check https://rekor.example.com ./mirror --vkey 'rekor.example.com+…'",
    'tilewright log mirror-check ./log ./backup --public-key log.pub --origin rekor.example.com --json',
  ],
  args: { min: 2, max: 2 },
  flags: { ...logKeyFlags, ...parallelFlag, ...jsonFlag },
  async run({ args: [first = '', second = ''], resolved: { values } }, io) {
    const key = requireLogKey(values);
    const [a, b] = [openSource(first, io.env).source, openSource(second, io.env).source];
    const line = progressLine(io, () => performance.now());
    const { signal } = io;
    const report = await reading(() =>
      compareMirrors(patientTileSource(a, nodeClock), patientTileSource(b, nodeClock), key.verifier, {
        signal,
        parallel: values.parallel,
        progress: ({ entriesDone, entriesTotal }) =>
          line.update(
            `compared ${entriesDone} of ${entriesTotal} entries (${Math.floor((100 * entriesDone) / entriesTotal)} %)`,
          ),
      }),
    ).finally(() => line.end());
    const labels = { a: a.label, b: b.label };
    if (values.json) io.out(JSON.stringify(jsonReport(report, labels)));
    else if (report.difference !== undefined)
      for (const text of differenceLines(report.difference, labels)) io.err(text);
    else {
      const { entries, bundles, tiles } = report.compared;
      io.out(
        `${a.label} (${report.a.size} entries) and ${b.label} (${report.b.size}) are equal up to size ${report.size}: ${entries} entries, ${bundles} bundles, ${tiles} tiles`,
      );
    }
    return report.equal ? 0 : 1;
  },
});

type Labels = Readonly<Record<'a' | 'b', string>>;

function jsonReport({ a, b, ...found }: MirrorReport, labels: Labels): object {
  const copy = ({ size, root }: Tree, log: string): object => ({ log, size, rootHash: encodeBase64(root) });
  return { ...found, a: copy(a, labels.a), b: copy(b, labels.b) };
}

function differenceLines({ path, what, wrong }: MirrorDifference, labels: Labels): string[] {
  const verdict = {
    a: `error: that of ${labels.a} is not what the log signed`,
    b: `error: that of ${labels.b} is not what the log signed`,
    both: 'error: neither is what the log signed',
    unknown: undefined,
  }[wrong];
  return [`different: ${path}: ${what}`, ...(verdict === undefined ? [] : [verdict])];
}
