import { patientTileSource } from '@tilewright/client';
import { encodeBase64 } from '@tilewright/core/bytes';
import { hasCode } from '@tilewright/log';
import type { LogVerifier } from '@tilewright/signer';
import { type Command, defineCommand } from '../../cli/command.ts';
import { CommandError } from '../../cli/command-error.ts';
import { isInside } from '../../files/path-inside.ts';
import type { Destination } from '../../migrate/destination.ts';
import { type Migrated, migrateLog } from '../../migrate/migrate-log.ts';
import { openDestination } from '../../migrate/open-destination.ts';
import { logKeyFlags, requireLogKey } from '../../reading/log-key.ts';
import { type NamedLog, openSource, reading } from '../../reading/open-source.ts';
import { parallelFlag } from '../../reading/parallel-flag.ts';
import type { Findings } from '../../serve/config/findings.ts';
import { gcpFlags } from '../../serve/config/gcp-flags.ts';
import { type StoragePlace, storagePlace } from '../../serve/config/storage-place.ts';
import { nodeClock } from '../../serve/storage/node-world.ts';
import { storageError } from '../../serve/storage/storage-error.ts';
import type { Io } from '../../terminal/io.ts';
import { jsonFlag, printFacts } from '../../terminal/print-facts.ts';
import { progressLine } from '../../terminal/progress-line.ts';

/** `tilewright log migrate`. */
export const logMigrate: Command = defineCommand({
  name: 'log migrate',
  summary: 'Copy a log from anywhere into a store of this program',
  description:
    "Copies a log from a URL or a directory, whoever wrote it, into a store that serve goes on with: same origin, same key, same indexes. Only entries are copied. Every tile is derived from them again, and the root must be the one that the source's checkpoint signs; then that very checkpoint is published in the destination. The log's private key is not needed.\n\nA run that was interrupted goes on from where it stopped when the same command is given again; a later run follows a source that has grown. Nothing else may open the destination before it is complete.\n\nTwo servers must never write one log: freeze or stop the source for good, migrate once more, and only then serve the destination with the log's key.",
  usage: '--from <url, bucket or directory> --storage-dir <directory> [flags]',
  examples: [
    'tilewright log migrate --from https://rekor.example.com --storage-dir ./log --public-key log.pub --origin rekor.example.com',
    "tilewright log migrate --from /var/lib/rekor --storage-dir ./log --vkey 'rekor.example.com+…'",
  ],
  args: { min: 0, max: 0 },
  flags: {
    from: {
      type: 'string',
      placeholder: 'LOG',
      required: true,
      help: 'The log to copy: a URL, gs://BUCKET[/PREFIX], or a directory, which may be in use.',
    },
    'storage-dir': {
      type: 'string',
      placeholder: 'DIRECTORY',
      default: '',
      help: 'Directory to copy the log into, as serve will have it. It is made when it does not exist; it may hold what an earlier run has copied.',
    },
    ...gcpFlags,
    personality: {
      type: 'string',
      default: 'rekor',
      choices: ['rekor', 'raw'],
      help: 'What the entries are: those of Rekor v2, or with raw any bytes, as serve --personality has it.',
    },
    ...logKeyFlags,
    ...parallelFlag,
    ...jsonFlag,
  },
  async run({ resolved }, io) {
    const { values } = resolved;
    const found: Findings = { problems: [], warnings: [] };
    const place = storagePlace(resolved, io.env, found);
    if (place === undefined || found.problems.length > 0) throw new CommandError('usage', found.problems);
    const key = requireLogKey(values);
    const from = openSource(values.from, io.env);
    refuseNested(from.directory, place);
    const entries = values.personality === 'raw' ? 'raw' : 'rekor';
    const destination = await openDestination(place, { key, entries }, (line) => io.err(`note: ${line}`));
    try {
      const done = await run(from, key, destination, values.parallel, io);
      const { checkpoint, before, published } = done;
      const facts = {
        destination: destination.label,
        origin: checkpoint.origin,
        size: checkpoint.size,
        rootHash: encodeBase64(checkpoint.root),
        logId: key.logIdBase64,
        copied: checkpoint.size - before,
        published,
      };
      printFacts(io, values.json, facts, {
        destination: published ? 'Migrated to' : 'Up to date',
        origin: 'Origin',
        size: 'Entries',
        copied: 'Copied now',
        rootHash: 'Root hash',
      });
    } finally {
      await destination.close();
    }
    return 0;
  },
});

function refuseNested(from: string | undefined, place: StoragePlace): void {
  if (from === undefined || place.kind !== 'posix') return;
  const { dir } = place;
  if (isInside(from, dir) || isInside(dir, from))
    throw new CommandError('usage', `--from ${from} and --storage-dir ${dir} lie in each other`);
}

async function run(
  { source }: NamedLog,
  key: LogVerifier,
  destination: Destination,
  parallel: number,
  io: Io,
): Promise<Migrated> {
  const line = progressLine(io, () => performance.now());
  const startedMs = performance.now();
  let from: number | undefined;
  const progress = (done: number, total: number): void => {
    from ??= done;
    const rate = Math.round((done - from) / Math.max(0.001, (performance.now() - startedMs) / 1000));
    const percent = total === 0 ? 100 : Math.floor((100 * done) / total);
    line.update(`migrated ${done} of ${total} entries (${percent} %), ${rate} a second`);
  };
  const { signal } = io;
  try {
    return await reading(() =>
      migrateLog({
        source: patientTileSource(source, nodeClock),
        ...{ key, destination, clock: nodeClock, signal, parallel, progress },
      }),
    );
  } catch (error) {
    if (signal.aborted && !hasCode(error, 'storage-failed'))
      throw new CommandError('failed', 'stopped: the same command goes on from here', { cause: error });
    throw storageError(error);
  } finally {
    line.end();
  }
}
