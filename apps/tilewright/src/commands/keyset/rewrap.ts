import { type Command, defineCommand } from '../../cli/command.ts';
import { jsonFlag, printFacts } from '../../terminal/print-facts.ts';
import { changedFlags, requirePlace, writeChanged } from './file/changed-keyset.ts';
import { keysetWork } from './file/keyset-error.ts';
import { formatAndCheck, readKeysetFile, withKeyset } from './file/keyset-file.ts';
import { kekFlags, kmsOptionsOf, withKek } from './kek-flags.ts';

/** `tilewright keyset rewrap`. */
export const keysetRewrap: Command = defineCommand({
  name: 'keyset rewrap',
  summary: 'Encrypt a keyset with another key encryption key',
  description:
    'Decrypts a keyset and encrypts it with another key encryption key. The signing keys stay the same, and so does the log; serve needs the new --signer-tink-kek-uri at its next start. A keyset in the clear is encrypted when --key-encryption-key-uri is left out.\n\nThe new keyset is decrypted once before it is written. With --in-place the old one stays beside it, unless it was in the clear.',
  usage:
    '<keyset> --key-encryption-key-uri <uri> --new-key-encryption-key-uri <uri> (--out <file> | --in-place) [flags]',
  examples: [
    'tilewright keyset rewrap keyset.json --key-encryption-key-uri file-kek:///etc/tilewright/kek --new-key-encryption-key-uri file-kek:///etc/tilewright/kek-2 --in-place',
  ],
  args: { min: 1, max: 1 },
  flags: {
    ...kekFlags,
    'new-key-encryption-key-uri': {
      type: 'string',
      placeholder: 'URI',
      required: true,
      help: 'Key that encrypts the keyset from now on.',
    },
    ...changedFlags,
    ...jsonFlag,
  },
  async run({ args: [path = ''], resolved: { values } }, io) {
    const { 'key-encryption-key-uri': uri, 'new-key-encryption-key-uri': newUri } = values;
    requirePlace(values);
    const kms = kmsOptionsOf(values, io);
    const { place, wasClear, primaryKeyId } = await keysetWork(io, path, async () => {
      const file = readKeysetFile(path);
      return withKek(uri, kms, (kek) =>
        withKeyset(file, kek, async (keyset) => {
          const content = await withKek(newUri, kms, (newKek) => formatAndCheck(keyset, newKek, file.format));
          // A copy in the clear would outlive what was asked for.
          const written = writeChanged(path, content, values, { keepBackup: file.encrypted });
          return { place: written, wasClear: !file.encrypted, primaryKeyId: keyset.primaryKeyId };
        }),
      );
    });
    if (wasClear && values.out !== undefined) {
      io.err(`warning: ${path} still holds the keys in the clear; remove it, and what backups have of it`);
    }
    const facts = { ...place, encryptedBy: newUri, primaryKeyId };
    printFacts(io, values.json, facts, { keyset: 'Wrote', backup: 'Old keyset', encryptedBy: 'Encrypted by' });
    return 0;
  },
});
