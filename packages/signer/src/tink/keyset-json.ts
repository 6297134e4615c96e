import { decodeBase64, decodeUtf8, encodeBase64, encodeUtf8 } from '@tilewright/core/bytes';
import { CoreError } from '@tilewright/core/error';
import { SignerError } from '../signer-error.ts';
import { type KeysetContent, requireName } from './keyset-binary.ts';
import {
  KEY_MATERIAL,
  KEY_STATUS,
  type KeyData,
  type KeyInfo,
  type Keyset,
  type KeysetKey,
  keysetInfoOf,
  OUTPUT_PREFIX,
} from './keyset-model.ts';

type Json = Readonly<Record<string, unknown>>;

const MAX_UINT32 = 2 ** 32 - 1;

/**
 * Reads a keyset in the JSON form of protobuf: `{"primaryKeyId":…,"key":[…]}`, or encrypted
 * `{"encryptedKeyset":"…","keysetInfo":{…}}`. As in every such form, names may have underscores, enums may be numbers and
 * numbers text, base64 may be of either alphabet, and unknown names are skipped.
 * @throws SignerError `keyset-malformed`
 */
export function decodeJsonKeyset(file: Uint8Array): KeysetContent {
  const json = parse(file);
  const encrypted = member(json, 'encryptedKeyset');
  if (encrypted === undefined && member(json, 'key') === undefined && member(json, 'primaryKeyId') === undefined) {
    throw malformed('the JSON has neither "key" nor "encryptedKeyset"');
  }
  if (encrypted === undefined) {
    return {
      encrypted: false,
      keyset: { primaryKeyId: number(json, 'primaryKeyId'), keys: list(json, 'key', readKey) },
    };
  }
  const info = optional(json, 'keysetInfo');
  return {
    encrypted: true,
    ciphertext: base64(json, 'encryptedKeyset'),
    info: info && { primaryKeyId: number(info, 'primaryKeyId'), keys: list(info, 'keyInfo', readInfo) },
  };
}

function readKey(json: Json): KeysetKey {
  return { ...readState(json), data: readData(optional(json, 'keyData')) };
}

function readData(json: Json | undefined): KeyData | undefined {
  return (
    json && {
      typeUrl: text(json, 'typeUrl'),
      value: base64(json, 'value'),
      material: enumeration(json, 'keyMaterialType', KEY_MATERIAL),
    }
  );
}

function readInfo(json: Json): KeyInfo {
  return { ...readState(json), typeUrl: text(json, 'typeUrl') };
}

function readState(json: Json): Pick<KeysetKey, 'id' | 'status' | 'prefix'> {
  return {
    id: number(json, 'keyId'),
    status: enumeration(json, 'status', KEY_STATUS),
    prefix: enumeration(json, 'outputPrefixType', OUTPUT_PREFIX),
  };
}

/** Writes a keyset as Tink's JSON writers do. The result is secret. */
export function encodeJsonKeyset({ primaryKeyId, keys }: Keyset): Uint8Array<ArrayBuffer> {
  const key = keys.map(({ id, status, prefix, data }) => ({
    ...(data && {
      keyData: { typeUrl: data.typeUrl, value: encodeBase64(data.value), keyMaterialType: data.material },
    }),
    status,
    keyId: id,
    outputPrefixType: prefix,
  }));
  return encodeUtf8(`${JSON.stringify({ primaryKeyId, key })}\n`);
}

/** Writes an encrypted keyset as Tink's JSON writers do. */
export function encodeEncryptedJsonKeyset(ciphertext: Uint8Array, keyset: Keyset): Uint8Array<ArrayBuffer> {
  const { primaryKeyId, keys } = keysetInfoOf(keyset);
  const keyInfo = keys.map(({ id, status, prefix, typeUrl }) => ({
    typeUrl,
    status,
    keyId: id,
    outputPrefixType: prefix,
  }));
  const json = { encryptedKeyset: encodeBase64(ciphertext), keysetInfo: { primaryKeyId, keyInfo } };
  return encodeUtf8(`${JSON.stringify(json)}\n`);
}

function parse(file: Uint8Array): Json {
  let json: unknown;
  try {
    json = JSON.parse(decodeUtf8(file));
  } catch {
    // The parser's own words show a part of the text, which may be a key: they go no further.
    throw malformed('it is not whole JSON');
  }
  return object(json, 'the keyset');
}

/** A member under its JSON name or its name in tink.proto; null is as good as absent. */
function member(json: Json, name: string): unknown {
  const value = json[name] ?? json[name.replaceAll(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`)];
  return value === null ? undefined : value;
}

function object(value: unknown, name: string): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw malformed(`${name} is not an object`);
}

function optional(json: Json, name: string): Json | undefined {
  const value = member(json, name);
  return value === undefined ? undefined : object(value, `"${name}"`);
}

function list<T>(json: Json, name: string, readOne: (one: Json) => T): T[] {
  const value = member(json, name) ?? [];
  if (!Array.isArray(value)) throw malformed(`"${name}" is not a list`);
  return value.map((one) => readOne(object(one, `a member of "${name}"`)));
}

function number(json: Json, name: string): number {
  const value = member(json, name) ?? 0;
  const read = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value;
  if (typeof read === 'number' && Number.isInteger(read) && read >= 0 && read <= MAX_UINT32) return read;
  throw malformed(`"${name}" is not a number from 0 to ${MAX_UINT32}`);
}

function text(json: Json, name: string): string {
  const value = member(json, name) ?? '';
  if (typeof value === 'string') return value;
  throw malformed(`"${name}" is not a text`);
}

function enumeration<T extends string>(json: Json, name: string, names: Readonly<Record<T, number>>): T {
  const value = member(json, name) ?? 0;
  if (typeof value === 'string' && Object.hasOwn(names, value)) return value as T;
  if (typeof value === 'string') throw malformed(`"${name}" has an unknown name`);
  return requireName(names, number(json, name), `"${name}" has an unknown number`);
}

function base64(json: Json, name: string): Uint8Array {
  const standard = text(json, name)
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .replace(/={1,2}$/, '');
  try {
    return decodeBase64(standard.padEnd(Math.ceil(standard.length / 4) * 4, '='));
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    throw malformed(`"${name}" is not base64`);
  }
}

function malformed(why: string): SignerError {
  return new SignerError(
    'keyset-malformed',
    `the keyset cannot be read: ${why}; take it from its backup, or make a new one`,
  );
}
