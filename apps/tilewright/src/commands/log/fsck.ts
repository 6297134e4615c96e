import { encodeBase64 } from '@tilewright/core/bytes';
import { type Command, defineCommand } from '../../cli/command.ts';
import { checkLog, reportLines } from '../../reading/check-log.ts';
import { logKeyFlags, requireLogKey } from '../../reading/log-key.ts';
import { openSource, reading } from '../../reading/open-source.ts';
import { jsonFlag } from '../../terminal/print-facts.ts';

/** `tilewright log fsck`. */
export const logFsck: Command = defineCommand({
  name: 'log fsck',
  summary: 'Derive a whole log again from its entries and compare every byte',
  description:
    'Reads every entry of a log at a URL or in a directory, which may be in use, computes every tile from them up to the root, and compares all of it with what is stored and with the signed checkpoint. In a directory, leftover partial tiles are compared too.\n\nEvery damaged file is named, and the exit status is 1. Nothing is written.',
  usage: '<url, gs://bucket or directory> [flags]',
  examples: [
    "tilewright log fsck ./data/log --vkey 'localhost+…'",
    'tilewright log fsck https://rekor.example.com --public-key log.pub --origin rekor.example.com',
  ],
  args: { min: 1, max: 1 },
  flags: { ...logKeyFlags, ...jsonFlag },
  async run({ args: [log = ''], resolved: { values } }, io) {
    const key = requireLogKey(values);
    const { source } = openSource(log, io.env);
    const report = await reading(() => checkLog(source, key.verifier, io));
    const { checkpoint, ...found } = report;
    const { damage, notes } = reportLines(report);
    if (values.json) {
      const signed = checkpoint && {
        origin: checkpoint.origin,
        size: checkpoint.size,
        rootHash: encodeBase64(checkpoint.root),
      };
      io.out(JSON.stringify({ ...found, ...(signed && { checkpoint: signed }) }));
    } else {
      for (const note of notes) io.err(`note: ${note}`);
      for (const line of damage) io.err(`damaged: ${line}`);
    }
    if (!report.ok) {
      if (!values.json) io.err(`error: ${source.label} is damaged in ${report.damageCount} places`);
      return 1;
    }
    if (!values.json) {
      const { entries, bundles, tiles, partials } = report.checked;
      io.out(
        `${source.label}: ${entries} entries, ${bundles} bundles, ${tiles} tiles and ${partials} leftover partials agree with the checkpoint of size ${checkpoint?.size ?? 0}`,
      );
    }
    return 0;
  },
});
