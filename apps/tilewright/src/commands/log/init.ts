import { isKeyName } from '@tilewright/core/note';
import { DEFAULT_LOG_OPTIONS } from '@tilewright/log';
import { type Command, defineCommand } from '../../cli/command.ts';
import { CommandError } from '../../cli/command-error.ts';
import type { Findings } from '../../serve/config/findings.ts';
import { loadSigningKey } from '../../serve/config/signing-key.ts';
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
    'signer-filepath': {
      type: 'string',
      placeholder: 'FILE',
      required: true,
      help: 'Private key that signs the checkpoints: PEM, PKCS#8, Ed25519 or ECDSA P-256, P-384 or P-521, outside the directory.',
    },
    'signer-password-file': {
      type: 'string',
      placeholder: 'FILE',
      help: 'File that holds the password of an encrypted key file.',
    },
    hostname: {
      type: 'string',
      placeholder: 'NAME',
      required: true,
      help: 'Origin of the log: the bare host name of its URL.',
    },
    ...jsonFlag,
  },
  async run({ args: [directory = ''], resolved: { values } }, io) {
    const found: Findings = { problems: [], warnings: [] };
    const origin = values.hostname;
    if (!isKeyName(origin)) throw new CommandError('usage', '--hostname: the origin must not hold white space or "+"');
    const key = loadSigningKey(
      {
        file: values['signer-filepath'],
        password: undefined,
        passwordIsShown: false,
        passwordFile: values['signer-password-file'],
        origin,
        storageDir: directory,
      },
      found,
    );
    for (const warning of found.warnings) io.err(`warning: ${warning}`);
    if (key === undefined || found.problems.length > 0) throw new CommandError('usage', found.problems);
    const { log } = await openWritableLog({
      dir: directory,
      key,
      mode: 'create',
      persistentDedupe: true,
      engine: DEFAULT_LOG_OPTIONS,
      events: { emit: () => undefined },
    }).catch((error: unknown) => {
      throw storageError(error);
    });
    await log.close({ timeoutMs: 30_000 });
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
