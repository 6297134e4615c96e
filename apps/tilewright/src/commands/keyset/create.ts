import {
  clearKeyset,
  KEYSET_TEMPLATES,
  type KeysetTemplate,
  logKeyOf,
  newKeyset,
  primaryKey,
} from '@tilewright/signer';
import { type Command, defineCommand } from '../../cli/command.ts';
import { requireAbsent, writeNewFiles } from '../../files/write-new.ts';
import { jsonFlag, printFacts } from '../../terminal/print-facts.ts';
import { keysetWork } from './file/keyset-error.ts';
import { formatKeyset } from './file/keyset-file.ts';
import { cleartextFlag, requireProtection } from './file/protection.ts';
import { kekFlags, kmsOptionsOf, withKek } from './kek-flags.ts';
import { LOG_FACTS, logFacts, publicFileNames, publicFiles, publicOutputFlags, warnOfCurve } from './public-outputs.ts';

/** `tilewright keyset create`. */
export const keysetCreate: Command = defineCommand({
  name: 'keyset create',
  summary: 'Make a signing key in a Tink keyset that another key encrypts',
  description:
    'Makes a private key for a log and writes it as a Tink keyset, encrypted by a key encryption key, as create-tink-keyset of Sigstore does. serve decrypts it once at its start (--signer-tink-keyset-path, --signer-tink-kek-uri), and signs in memory.\n\nThe key is never shown, and never on the disk unencrypted unless --cleartext asks for that. A file that is there is never overwritten.\n\nsigstore-js cannot verify a log with a key on P-384 or P-521.',
  usage: '--origin <name> --out <file> --key-encryption-key-uri <uri> [flags]',
  examples: [
    'tilewright keyset create --origin rekor.example.com --key-encryption-key-uri file-kek:///etc/tilewright/kek --out keyset.json --public-key-out log.pub --key-id-out log.id',
  ],
  args: { min: 0, max: 0 },
  flags: {
    'key-template': {
      type: 'string',
      default: 'ED25519',
      choices: KEYSET_TEMPLATES,
      help: 'Kind of key. Witnesses cosign only logs with ED25519.',
    },
    origin: {
      type: 'string',
      placeholder: 'NAME',
      required: true,
      help: 'Origin of the log: the bare host name of its URL. It is not in the keyset, but part of the log id.',
    },
    ...kekFlags,
    ...cleartextFlag,
    out: { type: 'string', placeholder: 'FILE', required: true, help: 'Where to write the keyset (JSON, mode 0600).' },
    ...publicOutputFlags,
    ...jsonFlag,
  },
  async run({ resolved: { values } }, io) {
    const uri = requireProtection(values['key-encryption-key-uri'], values.cleartext);
    const { out } = values;
    requireAbsent([out, ...publicFileNames(values)]);
    const keyset = newKeyset(values['key-template'] as KeysetTemplate);
    try {
      const log = await keysetWork(io, undefined, async () => {
        const made = logKeyOf(primaryKey(keyset), values.origin);
        const content = await withKek(uri, kmsOptionsOf(values, io), (kek) => formatKeyset(keyset, kek, 'json'));
        writeNewFiles([{ path: out, content, mode: 0o600 }, ...publicFiles(values, made)]);
        return made;
      });
      warnOfCurve(log, io);
      const facts = { keyset: out, encryptedBy: uri ?? null, primaryKeyId: keyset.primaryKeyId, ...logFacts(log) };
      printFacts(io, values.json, facts, { keyset: 'Wrote', encryptedBy: 'Encrypted by', ...LOG_FACTS });
      return 0;
    } finally {
      clearKeyset(keyset);
    }
  },
});
