import { resolve } from 'node:path';
import { fileKekUri, newFileKek } from '@tilewright/signer';
import { type Command, defineCommand } from '../../cli/command.ts';
import { requireAbsent, writeNewFiles } from '../../files/write-new.ts';
import { jsonFlag, printFacts } from '../../terminal/print-facts.ts';

/** `tilewright keyset new-kek`. */
export const keysetNewKek: Command = defineCommand({
  name: 'keyset new-kek',
  summary: 'Make a key in a file that encrypts keysets, for those without a key management service',
  description:
    'Writes 32 random bytes to a new file that only its owner can read, and prints the file-kek:// URI that the other commands and serve take.\n\nIt is the one secret in the clear: keep it apart from the keysets that it encrypts, and from their backups. Who has both has the signing keys; without it the keysets are lost.',
  usage: '--out <file> [flags]',
  examples: ['tilewright keyset new-kek --out /etc/tilewright/kek'],
  args: { min: 0, max: 0 },
  flags: {
    out: { type: 'string', placeholder: 'FILE', required: true, help: 'Where to write the key (mode 0600).' },
    ...jsonFlag,
  },
  async run({ resolved: { values } }, io) {
    const path = resolve(values.out);
    requireAbsent([path]);
    const content = newFileKek();
    writeNewFiles([{ path, content, mode: 0o600 }]);
    content.fill(0);
    printFacts(io, values.json, { path, uri: fileKekUri(path) }, { path: 'Wrote', uri: 'URI' });
    return 0;
  },
});
