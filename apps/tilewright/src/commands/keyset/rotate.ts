import {
  clearKeyset,
  KEYSET_TEMPLATES,
  type Keyset,
  type KeysetTemplate,
  keyTypeOf,
  type LogKey,
  logKeyOf,
  primaryEntry,
  primaryKey,
  withNewPrimary,
} from '@tilewright/signer';
import { type Command, defineCommand } from '../../cli/command.ts';
import { CommandError } from '../../cli/command-error.ts';
import type { Io } from '../../terminal/io.ts';
import { jsonFlag, printFacts } from '../../terminal/print-facts.ts';
import { changedFlags, requirePlace, writeChanged } from './file/changed-keyset.ts';
import { keysetWork } from './file/keyset-error.ts';
import { formatAndCheck, readKeysetFile, withKeyset } from './file/keyset-file.ts';
import { cleartextFlag, requireProtection } from './file/protection.ts';
import { kekFlags, kmsOptionsOf, withKek } from './kek-flags.ts';
import { LOG_FACTS, logFacts, publicFileNames, publicFiles, publicOutputFlags, warnOfCurve } from './public-outputs.ts';

/** `tilewright keyset rotate`. */
export const keysetRotate: Command = defineCommand({
  name: 'keyset rotate',
  summary: 'Add a new key to a keyset and let it sign from now on',
  description:
    'Adds a new private key to a keyset and makes it the primary one. The old keys stay in the keyset, enabled.\n\nA log is known by its key: with another one it has another log id, so clients that trust the old one do not trust it, and serve refuses to go on with a log that the old key signed. A new key is for a new log (a new shard): start that with the new keyset, keep the old keyset for the old log until it is frozen, and publish both public keys.',
  usage: '<keyset> --origin <name> --key-encryption-key-uri <uri> (--out <file> | --in-place) [flags]',
  examples: [
    'tilewright keyset rotate keyset.json --origin rekor-2.example.com --key-encryption-key-uri file-kek:///etc/tilewright/kek --out keyset-2.json --public-key-out log-2.pub',
  ],
  args: { min: 1, max: 1 },
  flags: {
    'key-template': {
      type: 'string',
      choices: KEYSET_TEMPLATES,
      help: 'Kind of the new key; without it, that of the key that signs now.',
    },
    origin: { type: 'string', placeholder: 'NAME', required: true, help: 'Origin of the log that the new key is for.' },
    ...kekFlags,
    ...cleartextFlag,
    ...changedFlags,
    ...publicOutputFlags,
    ...jsonFlag,
  },
  async run({ args: [path = ''], resolved: { values } }, io) {
    const uri = requireProtection(values['key-encryption-key-uri'], values.cleartext);
    requirePlace(values, publicFileNames(values));
    const template = values['key-template'] as KeysetTemplate | undefined;
    const changed = await keysetWork(io, path, async () => {
      const file = readKeysetFile(path);
      return withKek(uri, kmsOptionsOf(values, io), (kek) =>
        withKeyset(file, kek, async (old) => {
          const keyset = withNewPrimary(old, template ?? templateOf(old));
          try {
            const log = logKeyOf(primaryKey(keyset), values.origin);
            const content = await formatAndCheck(keyset, kek, file.format);
            const place = writeChanged(path, content, values, { others: publicFiles(values, log) });
            const ids = { primaryKeyId: keyset.primaryKeyId, oldPrimaryKeyId: old.primaryKeyId };
            return { log, facts: { ...place, ...ids, ...logFacts(log) } };
          } finally {
            clearKeyset(keyset);
          }
        }),
      );
    });
    warnOfCurve(changed.log, io);
    warnOfLog(changed.log, io);
    printFacts(io, values.json, changed.facts, { keyset: 'Wrote', backup: 'Old keyset', ...LOG_FACTS });
    return 0;
  },
});

const TEMPLATES: Readonly<Record<string, KeysetTemplate>> = {
  Ed25519: 'ED25519',
  'ECDSA P-256': 'ECDSA_P256',
  'ECDSA P-384': 'ECDSA_P384_SHA384',
  'ECDSA P-521': 'ECDSA_P521',
};

function templateOf(keyset: Keyset): KeysetTemplate {
  const type = keyTypeOf(primaryEntry(keyset));
  const template = TEMPLATES[type];
  if (template !== undefined) return template;
  throw new CommandError(
    'usage',
    `the key that signs now is of type ${type}; name that of the new one with --key-template`,
  );
}

function warnOfLog({ logIdBase64 }: LogKey, io: Io): void {
  io.err(
    `warning: the new key is that of another log, ${logIdBase64}: serve refuses to go on with a log that the old key signed, and clients need the new public key before they trust what it signs`,
  );
}
