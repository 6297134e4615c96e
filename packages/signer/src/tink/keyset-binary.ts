import { concatBytes } from '@tilewright/core/bytes';
import { SignerError } from '../signer-error.ts';
import {
  KEY_MATERIAL,
  KEY_STATUS,
  type KeyInfo,
  type Keyset,
  type KeysetInfo,
  type KeysetKey,
  keysetInfoOf,
  nameOf,
  OUTPUT_PREFIX,
} from './keyset-model.ts';
import { WireMessage } from './wire-message.ts';
import { bytesField, uint32Field } from './wire-writer.ts';

/** What a keyset file holds. */
export type KeysetContent =
  | { readonly encrypted: false; readonly keyset: Keyset }
  | { readonly encrypted: true; readonly ciphertext: Uint8Array; readonly info: KeysetInfo | undefined };

/**
 * Reads a file that holds the message `Keyset` or `EncryptedKeyset` of tink.proto. Nothing in it says which: a keyset has
 * its primary key's id in field 1, an encrypted one has none and keeps its keyset info in field 3.
 * @throws SignerError `keyset-malformed`
 */
export function decodeBinaryKeyset(file: Uint8Array): KeysetContent {
  const message = new WireMessage(file, 'the keyset');
  if (message.has(1) || (!message.has(3) && readsAsKeyset(file)))
    return { encrypted: false, keyset: decodeKeyset(file) };
  const info = message.has(3) ? readInfo(message.message(3, 'the keyset info')) : undefined;
  return { encrypted: true, ciphertext: Uint8Array.from(message.bytes(2)), info };
}

/** Without its info, an encrypted keyset has ciphertext where a keyset has its keys, and nothing else. */
function readsAsKeyset(file: Uint8Array): boolean {
  try {
    decodeKeyset(file);
    return true;
  } catch (error) {
    if (!(error instanceof SignerError)) throw error;
    return false;
  }
}

/** Reads the message `Keyset`; secrets in the result are copies. @throws SignerError `keyset-malformed` */
export function decodeKeyset(bytes: Uint8Array): Keyset {
  const message = new WireMessage(bytes, 'the keyset');
  return { primaryKeyId: message.uint32(1), keys: message.messages(2, 'a key of the keyset').map(readKey) };
}

function readKey(message: WireMessage): KeysetKey {
  const id = message.uint32(3);
  const data = message.has(1) ? message.message(1, 'the data of a key') : undefined;
  return {
    ...readState(message, id),
    data: data && {
      typeUrl: data.text(1),
      // Not slice(): of a Buffer that is a view, and what was decrypted is overwritten.
      value: Uint8Array.from(data.bytes(2)),
      material: requireName(KEY_MATERIAL, data.uint32(3), `key ${id} has an unknown key material type`),
    },
  };
}

function readInfo(message: WireMessage): KeysetInfo {
  const keys = message.messages(2, 'a key of the keyset info').map((key): KeyInfo => {
    return { ...readState(key, key.uint32(3)), typeUrl: key.text(1) };
  });
  return { primaryKeyId: message.uint32(1), keys };
}

function readState(message: WireMessage, id: number): Pick<KeysetKey, 'id' | 'status' | 'prefix'> {
  return {
    id,
    status: requireName(KEY_STATUS, message.uint32(2), `key ${id} has an unknown status`),
    prefix: requireName(OUTPUT_PREFIX, message.uint32(4), `key ${id} has an unknown output prefix`),
  };
}

/** The name of a number that must have one. @throws SignerError `keyset-malformed` */
export function requireName<T extends string>(names: Readonly<Record<T, number>>, value: number, what: string): T {
  const name = nameOf(names, value);
  if (name === undefined) throw new SignerError('keyset-malformed', `the keyset is not one of Tink: ${what}, ${value}`);
  return name;
}

/** Writes the message `Keyset`. The result is secret. */
export function encodeKeyset({ primaryKeyId, keys }: Keyset): Uint8Array<ArrayBuffer> {
  return concatBytes(uint32Field(1, primaryKeyId), ...keys.map((key) => bytesField(2, encodeKey(key))));
}

function encodeKey({ id, status, prefix, data }: KeysetKey): Uint8Array {
  const parts = data && [
    bytesField(1, data.typeUrl),
    bytesField(2, data.value),
    uint32Field(3, KEY_MATERIAL[data.material]),
  ];
  return concatBytes(
    ...(parts === undefined ? [] : [bytesField(1, concatBytes(...parts))]),
    uint32Field(2, KEY_STATUS[status]),
    uint32Field(3, id),
    uint32Field(4, OUTPUT_PREFIX[prefix]),
  );
}

/** Writes the message `EncryptedKeyset`. */
export function encodeEncryptedKeyset(ciphertext: Uint8Array, keyset: Keyset): Uint8Array<ArrayBuffer> {
  const { primaryKeyId, keys } = keysetInfoOf(keyset);
  const info = keys.map(({ id, status, prefix, typeUrl }) =>
    bytesField(
      2,
      concatBytes(
        bytesField(1, typeUrl),
        uint32Field(2, KEY_STATUS[status]),
        uint32Field(3, id),
        uint32Field(4, OUTPUT_PREFIX[prefix]),
      ),
    ),
  );
  return concatBytes(bytesField(2, ciphertext), bytesField(3, concatBytes(uint32Field(1, primaryKeyId), ...info)));
}
