import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { TestCipher } from '../test-cipher.ts';

/** Kinds of keys that the server makes; the last is there to be refused. */
export type AwsTestSpec =
  | 'ECC_NIST_EDWARDS25519'
  | 'ECC_NIST_P256'
  | 'ECC_NIST_P384'
  | 'ECC_NIST_P521'
  | 'RSA_2048'
  | 'RSA_3072'
  | 'RSA_4096'
  | 'ECC_SECG_P256K1';

/** A signing key. */
export interface AwsTestSigningKey {
  readonly spec: AwsTestSpec;
  readonly algorithms: readonly string[];
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** A key; it has one of the two halves. */
export interface AwsTestKey {
  readonly arn: string;
  readonly cipher?: TestCipher;
  readonly signing?: AwsTestSigningKey;
  isEnabled: boolean;
}

const RSA_ALGORITHMS = ['RSASSA_PKCS1_V1_5_SHA_256', 'RSASSA_PKCS1_V1_5_SHA_512', 'RSASSA_PSS_SHA_256'];

/** The keys of a server of AWS KMS: one account, one region. */
export class AwsTestKeys {
  static readonly account: string = 'arn:aws:kms:eu-central-1:123456789012:';
  readonly #keys: Map<string, AwsTestKey> = new Map();
  readonly #aliases: Map<string, string> = new Map();

  /** Makes a key that encrypts. */
  addCipher(): AwsTestKey {
    return this.#add({ cipher: new TestCipher() });
  }

  /** Makes a key that signs. */
  addSigningKey(spec: AwsTestSpec): AwsTestKey {
    return this.#add({ signing: makeKey(spec) });
  }

  /** Makes `alias/NAME` name a key, and no other one. */
  setAlias(alias: string, key: AwsTestKey): void {
    this.#aliases.set(alias, key.arn);
  }

  /** The key of an id, ARN or alias, written in any of the ways there are. */
  find(keyId: string): AwsTestKey | undefined {
    const local = keyId.startsWith(AwsTestKeys.account) ? keyId.slice(AwsTestKeys.account.length) : keyId;
    const arn = this.#aliases.get(local);
    return this.#keys.get(arn ?? `${AwsTestKeys.account}key/${local.replace(/^key\//, '')}`);
  }

  #add(parts: Pick<AwsTestKey, 'cipher' | 'signing'>): AwsTestKey {
    const key: AwsTestKey = { arn: `${AwsTestKeys.account}key/${randomUUID()}`, ...parts, isEnabled: true };
    this.#keys.set(key.arn, key);
    return key;
  }
}

function makeKey(spec: AwsTestSpec): AwsTestSigningKey {
  switch (spec) {
    case 'ECC_NIST_EDWARDS25519':
      return { spec, algorithms: ['ED25519_SHA_512', 'ED25519_PH_SHA_512'], ...generateKeyPairSync('ed25519') };
    case 'ECC_NIST_P256':
      return { spec, algorithms: ['ECDSA_SHA_256'], ...generateKeyPairSync('ec', { namedCurve: 'P-256' }) };
    case 'ECC_NIST_P384':
      return { spec, algorithms: ['ECDSA_SHA_384'], ...generateKeyPairSync('ec', { namedCurve: 'P-384' }) };
    case 'ECC_NIST_P521':
      return { spec, algorithms: ['ECDSA_SHA_512'], ...generateKeyPairSync('ec', { namedCurve: 'P-521' }) };
    case 'ECC_SECG_P256K1':
      return { spec, algorithms: ['ECDSA_SHA_256'], ...generateKeyPairSync('ec', { namedCurve: 'secp256k1' }) };
    case 'RSA_2048':
      return { spec, algorithms: RSA_ALGORITHMS, ...generateKeyPairSync('rsa', { modulusLength: 2048 }) };
    case 'RSA_3072':
      return { spec, algorithms: RSA_ALGORITHMS, ...generateKeyPairSync('rsa', { modulusLength: 3072 }) };
    case 'RSA_4096':
      return { spec, algorithms: RSA_ALGORITHMS, ...generateKeyPairSync('rsa', { modulusLength: 4096 }) };
  }
}
