import { readCheckpoint } from '@tilewright/client';
import { encodeBase64, equalBytes } from '@tilewright/core/bytes';
import { adoptPosixLog, inspectPosixDirectory } from '@tilewright/store-posix';
import { type Command, defineCommand } from '../../cli/command.ts';
import { CommandError } from '../../cli/command-error.ts';
import { checkLog, reportLines } from '../../reading/check-log.ts';
import { logKeyFlags, requireLogKey } from '../../reading/log-key.ts';
import { openSource, reading } from '../../reading/open-source.ts';
import { nodeClock, nodeEntropy } from '../../serve/storage/node-world.ts';
import { processOnDirectory } from '../../serve/storage/process-on-directory.ts';
import { storageError } from '../../serve/storage/storage-error.ts';
import { jsonFlag, printFacts } from '../../terminal/print-facts.ts';

/** `tilewright log adopt`. */
export const logAdopt: Command = defineCommand({
  name: 'log adopt',
  summary: 'Verify a log that another program wrote to a directory, and take it over',
  description:
    "Takes over a log that another program wrote, rekor-server-posix for example, so that serve goes on with it: same origin, same key, same indexes. Stop that program first.\n\nThe whole log is verified against its checkpoint and key before anything is changed (see log fsck). Then this program's state is put beside it; the other program's state is kept as .state.before-adoption.",
  usage: '<directory> [flags]',
  examples: ['tilewright log adopt /var/lib/rekor --public-key log.pub --origin rekor.example.com'],
  args: { min: 1, max: 1 },
  flags: { ...logKeyFlags, ...jsonFlag },
  async run({ args: [word = ''], resolved: { values } }, io) {
    const key = requireLogKey(values);
    const { source, directory } = openSource(word);
    if (directory === undefined) throw new CommandError('usage', 'only a log in a directory can be taken over');
    await requireForeign(directory);
    requireStopped(directory);
    const tree = await reading(async () => {
      const report = await checkLog(source, key.verifier, io);
      const { damage } = reportLines(report);
      if (!report.ok || report.checkpoint === undefined) {
        throw new CommandError('failed', [
          ...damage.map((line) => `damaged: ${line}`),
          `${directory} was not adopted, nothing was changed`,
        ]);
      }
      if (report.unpublishedCount > 0) {
        throw new CommandError(
          'failed',
          `${directory} holds tiles that its checkpoint does not cover yet (${report.unpublished[0]}): start the other program once more until it has published them, stop it, and adopt again`,
        );
      }
      const now = await readCheckpoint(source, key.verifier, io.signal);
      if (now.size === report.checkpoint.size && equalBytes(now.root, report.checkpoint.root)) return now;
      throw new CommandError(
        'failed',
        `the log grew while it was checked: stop the program that writes to ${directory}, and adopt again`,
      );
    });
    requireStopped(directory);
    const { origin, logId } = key;
    await adoptPosixLog({
      dir: directory,
      identity: { origin, logId },
      tree,
      clock: nodeClock,
      entropy: nodeEntropy,
    }).catch((error: unknown) => {
      throw storageError(error);
    });
    const facts = { directory, origin, size: tree.size, rootHash: encodeBase64(tree.root), logId: key.logIdBase64 };
    printFacts(io, values.json, facts, {
      directory: 'Adopted',
      origin: 'Origin',
      size: 'Entries',
      rootHash: 'Root hash',
    });
    return 0;
  },
});

/** Says at once, before the long check, when there is nothing to take over. */
async function requireForeign(directory: string): Promise<void> {
  const { kind } = await inspectPosixDirectory(directory).catch((error: unknown) => {
    throw storageError(error);
  });
  if (kind === 'foreign') return;
  throw new CommandError(
    'refused',
    kind === 'log'
      ? `${directory} is a log of this program already: serve goes on with it`
      : `there is no log of another program in ${directory}`,
  );
}

function requireStopped(directory: string): void {
  const found = processOnDirectory(directory);
  if (found === undefined) return;
  throw new CommandError(
    'refused',
    `process ${found.pid} (${found.name}) still runs on ${directory}: stop it first, two writers would fork the log`,
  );
}
