import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { TestCipher } from '../test-cipher.ts';

/** Algorithms that the server makes keys of; the last two are there to be refused. */
export type GcpTestAlgorithm =
  | 'EC_SIGN_ED25519'
  | 'EC_SIGN_P256_SHA256'
  | 'EC_SIGN_P384_SHA384'
  | 'RSA_SIGN_PKCS1_2048_SHA256'
  | 'RSA_SIGN_PKCS1_3072_SHA256'
  | 'RSA_SIGN_PKCS1_4096_SHA256'
  | 'RSA_SIGN_PSS_2048_SHA256'
  | 'EC_SIGN_SECP256K1_SHA256';

/** A version of a signing key. */
export interface GcpTestVersion {
  readonly name: string;
  readonly algorithm: GcpTestAlgorithm;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  state: 'ENABLED' | 'DISABLED' | 'DESTROYED';
}

const RING = 'projects/test-project/locations/global/keyRings/ring';

/** The keys of a server of Google Cloud KMS. */
export class GcpTestKeys {
  readonly ciphers: Map<string, TestCipher> = new Map();
  readonly versions: Map<string, GcpTestVersion> = new Map();

  /** Makes a key that encrypts; its name. */
  addCipher(id: string): string {
    const name = `${RING}/cryptoKeys/${id}`;
    this.ciphers.set(name, new TestCipher());
    return name;
  }

  /** Makes the next version of a key that signs. */
  addVersion(id: string, algorithm: GcpTestAlgorithm): GcpTestVersion {
    const key = `${RING}/cryptoKeys/${id}`;
    const name = `${key}/cryptoKeyVersions/${this.versionsOf(key).length + 1}`;
    const version: GcpTestVersion = { name, algorithm, ...makeKey(algorithm), state: 'ENABLED' };
    this.versions.set(name, version);
    return version;
  }

  versionsOf(key: string): GcpTestVersion[] {
    return [...this.versions.values()].filter(({ name }) => name.startsWith(`${key}/cryptoKeyVersions/`));
  }
}

function makeKey(algorithm: GcpTestAlgorithm): { privateKey: KeyObject; publicKey: KeyObject } {
  switch (algorithm) {
    case 'EC_SIGN_ED25519':
      return generateKeyPairSync('ed25519');
    case 'EC_SIGN_P256_SHA256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' });
    case 'EC_SIGN_P384_SHA384':
      return generateKeyPairSync('ec', { namedCurve: 'P-384' });
    case 'EC_SIGN_SECP256K1_SHA256':
      return generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
    case 'RSA_SIGN_PKCS1_2048_SHA256':
    case 'RSA_SIGN_PSS_2048_SHA256':
      return generateKeyPairSync('rsa', { modulusLength: 2048 });
    case 'RSA_SIGN_PKCS1_3072_SHA256':
      return generateKeyPairSync('rsa', { modulusLength: 3072 });
    case 'RSA_SIGN_PKCS1_4096_SHA256':
      return generateKeyPairSync('rsa', { modulusLength: 4096 });
  }
}
