import { readCheckpoint } from '@tilewright/client';
import { encodeBase64 } from '@tilewright/core/bytes';
import { inspectPosixDirectory } from '@tilewright/store-posix';
import { type Command, defineCommand } from '../../cli/command.ts';
import { logKeyFlags, requireLogKey } from '../../reading/log-key.ts';
import { openSource, reading } from '../../reading/open-source.ts';
import { storageError } from '../../serve/storage/storage-error.ts';
import { type Fact, jsonFlag, printFacts } from '../../terminal/print-facts.ts';

/** `tilewright log status`. */
export const logStatus: Command = defineCommand({
  name: 'log status',
  summary: 'Show the checkpoint of a log, verified with its key',
  description:
    'Reads the checkpoint of a log at a URL or in a directory, which may be in use, verifies its signature, and shows what it says.',
  usage: '<url, gs://bucket or directory> [flags]',
  examples: [
    "tilewright log status http://localhost:3000 --vkey 'localhost+…'",
    'tilewright log status ./data/log --public-key log.pub --origin localhost --json',
  ],
  args: { min: 1, max: 1 },
  flags: { ...logKeyFlags, ...jsonFlag },
  async run({ args: [log = ''], resolved: { values } }, io) {
    const key = requireLogKey(values);
    const { source, directory } = openSource(log, io.env);
    const checkpoint = await reading(() => readCheckpoint(source, key.verifier, io.signal));
    const facts = {
      origin: checkpoint.origin,
      size: checkpoint.size,
      rootHash: encodeBase64(checkpoint.root),
      logId: key.logIdBase64,
      keyDetails: key.keyDetails,
      vkey: key.vkey,
      extensions: [...checkpoint.extensions],
      ...(directory === undefined ? {} : await stateFacts(directory)),
    };
    printFacts(
      io,
      values.json,
      facts,
      checkpoint.extensions.length > 0 ? { ...SHOWN, extensions: 'Extensions' } : SHOWN,
    );
    return 0;
  },
});

const SHOWN = {
  origin: 'Origin',
  size: 'Entries',
  rootHash: 'Root hash',
  logId: 'Log id',
  keyDetails: 'Key',
  vkey: 'Vkey',
  created: 'Made',
  integrated: 'Integrated',
  frozen: 'Frozen',
  lastWriter: 'Last writer',
};

/** What our own state says of a log in a directory; nothing for one that another program wrote. */
async function stateFacts(directory: string): Promise<Record<string, Fact>> {
  const { state } = await inspectPosixDirectory(directory).catch((error: unknown) => {
    throw storageError(error);
  });
  if (state === undefined) return {};
  const { identity, integrated, frozenAtMs, lastWriter } = state;
  return {
    format: identity.format,
    created: identity.created,
    integrated: integrated?.size ?? null,
    frozen: frozenAtMs !== undefined,
    lastWriter,
  };
}
