import { isKeyName, type NoteSigner } from '@tilewright/core/note';
import { DEFAULT_LOG_OPTIONS } from '@tilewright/log';
import type { LogKey } from '@tilewright/signer';
import { type Command, defineCommand } from '../../cli/command.ts';
import { CommandError } from '../../cli/command-error.ts';
import type { Findings } from '../../serve/config/findings.ts';
import { signerFlags } from '../../serve/config/signer/signer-flags.ts';
import { signerPlace } from '../../serve/config/signer/signer-source.ts';
import { loadSigningKeys } from '../../serve/config/signer/signing-key.ts';
import { openWritableLog } from '../../serve/storage/open-writable.ts';
import { storageError } from '../../serve/storage/storage-error.ts';
import { jsonFlag, printFacts } from '../../terminal/print-facts.ts';

/** `tilewright log init`. */
export const logInit: Command = defineCommand({
  name: 'log init',
  summary: 'Create an empty log in a directory',
  description:
    'Creates a log in a directory where nothing of one is: its private state, and the signed checkpoint of size 0. serve does the same at its first start; this command is for those who publish key and checkpoint before that.\n\nThe origin and the key belong to the log for good.',
  usage: '<directory> --signer-filepath <key file> --hostname <origin> [flags]',
  examples: ['tilewright log init ./log --signer-filepath ./log-key.pem --hostname rekor.example.com'],
  args: { min: 1, max: 1 },
  flags: {
    ...signerFlags,
    hostname: {
      type: 'string',
      placeholder: 'NAME',
      required: true,
      help: 'Origin of the log: the bare host name of its URL.',
    },
    ...jsonFlag,
  },
  configurable: true,
  async run({ args: [directory = ''], resolved }, io) {
    const { values } = resolved;
    const found: Findings = { problems: [...resolved.problems], warnings: [] };
    const origin = resolved.usable('hostname') ? values.hostname : '';
    if (resolved.usable('hostname') && !isKeyName(origin)) {
      found.problems.push('--hostname: the origin must not hold white space or "+"');
    }
    const keys = await loadSigningKeys(
      {
        values,
        place: signerPlace(values),
        passwordIsShown: resolved.source('signer-password') === 'flag',
        origin,
        storageDir: directory === '' ? undefined : directory,
        signal: io.signal,
      },
      found,
    );
    for (const warning of found.warnings) io.err(`warning: ${warning}`);
    if (keys === undefined || found.problems.length > 0) {
      await keys?.key.close?.();
      throw new CommandError('usage', found.problems);
    }
    const { key, additional } = keys;
    try {
      await makeLog(directory, key, additional);
    } finally {
      await key.close?.();
    }
    const facts = { directory, origin, vkey: key.vkey, logId: key.logIdBase64, keyDetails: key.keyDetails };
    printFacts(io, values.json, facts, {
      directory: 'Created',
      origin: 'Origin',
      vkey: 'Vkey',
      logId: 'Log id',
      keyDetails: 'Key',
    });
    return 0;
  },
});

async function makeLog(directory: string, key: LogKey, additionalSigner: NoteSigner | undefined): Promise<void> {
  const { log } = await openWritableLog({
    place: { kind: 'posix', dir: directory },
    key,
    additionalSigner,
    mode: 'create',
    persistentDedupe: true,
    engine: DEFAULT_LOG_OPTIONS,
    events: { emit: () => undefined },
  }).catch((error: unknown) => {
    throw storageError(error);
  });
  await log.close({ timeoutMs: 30_000 });
}
