import { readFileSync } from 'node:fs';
import { asTreeSize, equalBytes } from '@tilewright/core/bytes';
import { formatCheckpoint, openCheckpoint } from '@tilewright/core/checkpoint';
import { EMPTY_ROOT } from '@tilewright/core/hash';
import { signNote } from '@tilewright/core/note';
import {
  type Keyset,
  type KeysetFile,
  keysetInfoOf,
  type LogKey,
  logKeyOf,
  noteVerifierFromPublicKey,
  primaryKey,
} from '@tilewright/signer';
import { type Command, defineCommand } from '../../cli/command.ts';
import { CommandError } from '../../cli/command-error.ts';
import { readableFileProblem } from '../../files/readable-file.ts';
import { jsonFlag, printFacts } from '../../terminal/print-facts.ts';
import { keysetWork } from './file/keyset-error.ts';
import { readKeysetFile, withKeyset } from './file/keyset-file.ts';
import { kekFlags, kmsOptionsOf, withKek } from './kek-flags.ts';
import { LOG_FACTS, logFacts, warnOfCurve } from './public-outputs.ts';

/** `tilewright keyset verify`. */
export const keysetVerify: Command = defineCommand({
  name: 'keyset verify',
  summary: 'Check that a keyset can be decrypted and signs for the log it is meant for',
  description:
    'Decrypts a keyset, signs a checkpoint with its primary key, verifies that, and compares the log id and the public key with those in files. Exit status 1 when anything of that fails. Nothing is written.',
  usage: '<keyset> --origin <name> [flags]',
  examples: [
    'tilewright keyset verify keyset.json --origin rekor.example.com --key-encryption-key-uri file-kek:///etc/tilewright/kek --key-id-file log.id --public-key-file log.pub',
  ],
  args: { min: 1, max: 1 },
  flags: {
    origin: { type: 'string', placeholder: 'NAME', required: true, help: 'Origin of the log that the key is for.' },
    ...kekFlags,
    'key-id-file': { type: 'string', placeholder: 'FILE', help: 'File with the log id (base64) that it must have.' },
    'public-key-file': {
      type: 'string',
      placeholder: 'FILE',
      help: 'File with the public key (PEM) that it must have.',
    },
    ...jsonFlag,
  },
  async run({ args: [path = ''], resolved: { values } }, io) {
    const expected = {
      keyId: readNamed('--key-id-file', values['key-id-file']),
      publicKey: readNamed('--public-key-file', values['public-key-file']),
    };
    const { log, file, primaryKeyId, failures } = await keysetWork(io, path, async () => {
      const read = readKeysetFile(path);
      return withKek(values['key-encryption-key-uri'], kmsOptionsOf(values, io), (kek) =>
        withKeyset(read, kek, async (keyset) => {
          const made = logKeyOf(primaryKey(keyset), values.origin);
          const wrong = [
            ...(await signatureFailures(made)),
            ...infoFailures(read, keyset),
            ...differences(made, expected),
          ];
          return { log: made, file: read, primaryKeyId: keyset.primaryKeyId, failures: wrong };
        }),
      );
    });
    if (failures.length > 0) {
      throw new CommandError(
        'failed',
        failures.map((failure) => `${path}: ${failure}`),
      );
    }
    warnOfCurve(log, io);
    const facts = { keyset: path, encrypted: file.encrypted, primaryKeyId, ...logFacts(log), verified: true };
    printFacts(io, values.json, facts, { keyset: 'Verified', encrypted: 'Encrypted', ...LOG_FACTS });
    return 0;
  },
});

function readNamed(flag: string, path: string | undefined): Uint8Array | undefined {
  if (path === undefined) return undefined;
  const unreadable = readableFileProblem(flag, path);
  if (unreadable !== undefined) throw new CommandError('usage', unreadable);
  return readFileSync(path);
}

async function signatureFailures({ origin, signer, verifier }: LogKey): Promise<string[]> {
  const text = formatCheckpoint({ origin, size: asTreeSize(0), root: EMPTY_ROOT, extensions: [] });
  const note = await signNote(text, [signer]);
  try {
    openCheckpoint(note, origin, verifier);
    return [];
  } catch {
    return ['the key signs what its public half does not verify'];
  }
}

/** Nothing protects the part of an encrypted keyset that is in the clear. */
function infoFailures(file: KeysetFile, keyset: Keyset): string[] {
  if (!file.encrypted || file.info === undefined) return [];
  const isSame = JSON.stringify(file.info) === JSON.stringify(keysetInfoOf(keyset));
  return isSame
    ? []
    : [
        'what the file says of its keys in the clear is not what it holds; write it again with: tilewright keyset rewrap',
      ];
}

function differences(
  log: LogKey,
  { keyId, publicKey }: { readonly keyId: Uint8Array | undefined; readonly publicKey: Uint8Array | undefined },
): string[] {
  const wrong: string[] = [];
  if (keyId !== undefined && Buffer.from(keyId).toString('utf8').trim() !== log.logIdBase64) {
    wrong.push(`the log id is ${log.logIdBase64}, not the one in --key-id-file: another key or another --origin`);
  }
  if (publicKey !== undefined && !equalBytes(noteVerifierFromPublicKey(publicKey, log.origin).spki, log.spki)) {
    wrong.push('the public key is not the one in --public-key-file');
  }
  return wrong;
}
