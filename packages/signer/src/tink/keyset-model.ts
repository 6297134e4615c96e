/** Whether a key of a keyset may be used (tink.proto, KeyStatusType). */
export type KeyStatus = 'ENABLED' | 'DISABLED' | 'DESTROYED';

/** What Tink puts before a signature (tink.proto, OutputPrefixType). Checkpoints have none, whatever stands here. */
export type OutputPrefix = 'TINK' | 'LEGACY' | 'RAW' | 'CRUNCHY' | 'WITH_ID_REQUIREMENT';

/** What kind of secret a key is (tink.proto, KeyMaterialType). */
export type KeyMaterial = 'UNKNOWN_KEYMATERIAL' | 'SYMMETRIC' | 'ASYMMETRIC_PRIVATE' | 'ASYMMETRIC_PUBLIC' | 'REMOTE';

/** The numbers of the names in tink.proto. */
export const KEY_STATUS: Readonly<Record<KeyStatus, number>> = { ENABLED: 1, DISABLED: 2, DESTROYED: 3 };
/** As {@link KEY_STATUS}. */
export const OUTPUT_PREFIX: Readonly<Record<OutputPrefix, number>> = {
  TINK: 1,
  LEGACY: 2,
  RAW: 3,
  CRUNCHY: 4,
  WITH_ID_REQUIREMENT: 5,
};
/** As {@link KEY_STATUS}. */
export const KEY_MATERIAL: Readonly<Record<KeyMaterial, number>> = {
  UNKNOWN_KEYMATERIAL: 0,
  SYMMETRIC: 1,
  ASYMMETRIC_PRIVATE: 2,
  ASYMMETRIC_PUBLIC: 3,
  REMOTE: 4,
};

/** A key as its type writes it (tink.proto, KeyData). */
export interface KeyData {
  /** `type.googleapis.com/google.crypto.tink.Ed25519PrivateKey`, for example. */
  readonly typeUrl: string;
  readonly material: KeyMaterial;
  /** The protobuf message of that type. Secret. */
  readonly value: Uint8Array;
}

/** One key of a keyset (tink.proto, Keyset.Key). */
export interface KeysetKey {
  /** 0 to 2^32 - 1. */
  readonly id: number;
  readonly status: KeyStatus;
  readonly prefix: OutputPrefix;
  /** Absent of a destroyed key. */
  readonly data: KeyData | undefined;
}

/** Several keys, of which the primary one signs (tink.proto, Keyset). */
export interface Keyset {
  /** 0 when there is none. */
  readonly primaryKeyId: number;
  readonly keys: readonly KeysetKey[];
}

/** What an encrypted keyset says of a key without a secret (tink.proto, KeysetInfo.KeyInfo). */
export interface KeyInfo {
  readonly id: number;
  readonly status: KeyStatus;
  readonly prefix: OutputPrefix;
  readonly typeUrl: string;
}

/** What an encrypted keyset says of itself in the clear (tink.proto, KeysetInfo). Nothing protects it from changes. */
export interface KeysetInfo {
  readonly primaryKeyId: number;
  readonly keys: readonly KeyInfo[];
}

/** Everything about a keyset that is no secret. */
export function keysetInfoOf({ primaryKeyId, keys }: Keyset): KeysetInfo {
  return {
    primaryKeyId,
    keys: keys.map(({ id, status, prefix, data }) => ({ id, status, prefix, typeUrl: data?.typeUrl ?? '' })),
  };
}

/** Overwrites the secrets of a keyset, which cannot be used after that. */
export function clearKeyset(keyset: Keyset): void {
  for (const { data } of keyset.keys) data?.value.fill(0);
}

/** The name of an enum's number, or `undefined`. */
export function nameOf<T extends string>(names: Readonly<Record<T, number>>, value: number): T | undefined {
  return (Object.keys(names) as T[]).find((name) => names[name] === value);
}
