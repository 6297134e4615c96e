import { logKeyOf, primaryKey } from '@tilewright/signer';
import { type Command, defineCommand } from '../../cli/command.ts';
import { requireAbsent, writeNewFiles } from '../../files/write-new.ts';
import { jsonFlag, printFacts } from '../../terminal/print-facts.ts';
import { keysetWork } from './file/keyset-error.ts';
import { readKeysetFile, withKeyset } from './file/keyset-file.ts';
import { kekFlags, kmsOptionsOf, withKek } from './kek-flags.ts';
import { LOG_FACTS, logFacts, publicFileNames, publicFiles, publicOutputFlags, warnOfCurve } from './public-outputs.ts';

/** `tilewright keyset public-key`. */
export const keysetPublicKey: Command = defineCommand({
  name: 'keyset public-key',
  summary: 'Show the public key, vkey and log id of a keyset',
  description:
    'Decrypts a keyset and shows what others need to verify the log that its primary key signs: the public key as PEM, the verifier key and the log id.',
  usage: '<keyset> --origin <name> [flags]',
  examples: [
    'tilewright keyset public-key keyset.json --origin rekor.example.com --key-encryption-key-uri file-kek:///etc/tilewright/kek',
  ],
  args: { min: 1, max: 1 },
  flags: {
    origin: {
      type: 'string',
      placeholder: 'NAME',
      required: true,
      help: 'Origin of the log: it is part of the vkey, and of the log id.',
    },
    ...kekFlags,
    ...publicOutputFlags,
    ...jsonFlag,
  },
  async run({ args: [path = ''], resolved: { values } }, io) {
    requireAbsent(publicFileNames(values));
    const log = await keysetWork(io, path, async () => {
      const file = readKeysetFile(path);
      return withKek(values['key-encryption-key-uri'], kmsOptionsOf(values, io), (kek) =>
        withKeyset(file, kek, async (keyset) => logKeyOf(primaryKey(keyset), values.origin)),
      );
    });
    writeNewFiles(publicFiles(values, log));
    warnOfCurve(log, io);
    printFacts(io, values.json, { ...logFacts(log), publicKey: log.spkiPem }, LOG_FACTS);
    if (!values.json) io.out(log.spkiPem.trimEnd());
    return 0;
  },
});
