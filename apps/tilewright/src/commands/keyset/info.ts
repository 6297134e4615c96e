import { type KeysetFile, type KeysetInfo, keysetInfoOf, keyTypeOf, SignerError, shortType } from '@tilewright/signer';
import { type Command, defineCommand } from '../../cli/command.ts';
import { jsonFlag, printFacts } from '../../terminal/print-facts.ts';
import { keysetWork } from './file/keyset-error.ts';
import { readKeysetFile, withKeyset } from './file/keyset-file.ts';
import { kekFlags, kmsOptionsOf, withKek } from './kek-flags.ts';

/** `tilewright keyset info`. */
export const keysetInfo: Command = defineCommand({
  name: 'keyset info',
  summary: 'Show what is in a keyset, without its secrets',
  description:
    'Shows the keys of a keyset: their ids, types, status, and which one signs. Of an encrypted keyset that is what the file says in the clear, which nothing protects from changes; with --key-encryption-key-uri it is decrypted, and the curves of ECDSA keys are shown too.',
  usage: '<keyset> [flags]',
  examples: ['tilewright keyset info keyset.json'],
  args: { min: 1, max: 1 },
  flags: { ...kekFlags, ...jsonFlag },
  async run({ args: [path = ''], resolved: { values } }, io) {
    const uri = values['key-encryption-key-uri'];
    const { file, info } = await keysetWork(io, path, async () => {
      const read = readKeysetFile(path);
      if (read.encrypted && uri === undefined) return { file: read, info: read.info && typesOf(read.info) };
      return withKek(uri, kmsOptionsOf(values, io), (kek) =>
        withKeyset(read, kek, async (keyset) => {
          const types = keyset.keys.map((key) => tolerantType(() => keyTypeOf(key), key.data?.typeUrl ?? ''));
          return { file: read, info: typesOf(keysetInfoOf(keyset), types) };
        }),
      );
    });
    const facts = {
      file: path,
      format: file.format,
      encrypted: file.encrypted,
      encryptedBy: uri ?? null,
      shown: shownFrom(file, uri),
      primaryKeyId: info?.primaryKeyId ?? null,
      keys: info?.keys ?? null,
    };
    const { keys, ...withoutKeys } = facts;
    printFacts(io, values.json, values.json ? facts : withoutKeys, SHOWN);
    if (!values.json) for (const key of keys ?? []) io.out(keyLine(key));
    return 0;
  },
});

const SHOWN = {
  file: 'Keyset',
  format: 'Format',
  encrypted: 'Encrypted',
  encryptedBy: 'Encrypted by',
  shown: 'Shown',
  primaryKeyId: 'Primary key',
};

interface ShownKey {
  readonly [name: string]: string | number | boolean;
  readonly id: number;
  readonly type: string;
  readonly status: string;
  readonly prefix: string;
  readonly primary: boolean;
}

function typesOf(
  { primaryKeyId, keys }: KeysetInfo,
  types: readonly string[] = [],
): { primaryKeyId: number; keys: ShownKey[] } {
  return {
    primaryKeyId,
    keys: keys.map(({ id, status, prefix, typeUrl }, i) => {
      return { id, type: types[i] ?? shortType(typeUrl), status, prefix, primary: id === primaryKeyId };
    }),
  };
}

/** One damaged key does not hide the others. */
function tolerantType(read: () => string, typeUrl: string): string {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SignerError)) throw error;
    return `${shortType(typeUrl)}, damaged`;
  }
}

function shownFrom({ encrypted }: KeysetFile, uri: string | undefined): string {
  if (!encrypted) return 'what the keyset holds; nothing encrypts it';
  return uri === undefined ? 'what the file says in the clear; keyset verify decrypts it' : 'what was decrypted';
}

function keyLine({ id, type, status, prefix, primary }: ShownKey): string {
  return `  ${id}  ${type}  ${status}  prefix ${prefix}${primary ? '  primary' : ''}`;
}
