import { createPublicKey } from 'node:crypto';
import { decodeUtf8, encodeUtf8 } from '@tilewright/core/bytes';
import type { SigningKey } from '../../keys/signing-key.ts';
import { crc32c } from '../call/crc32c.ts';
import type { KmsTask } from '../call/kms-fault.ts';
import type { KmsOptions } from '../kms-options.ts';
import { type KmsAlgorithm, type KmsHash, kmsPublicKey, requireAlgorithm } from '../signing/kms-algorithm.ts';
import { kmsSigningKey } from '../signing/kms-signing-key.ts';
import { checkedBytes, requireName, requireVerified } from './gcp-checks.ts';
import { type GcpKms, openGcpKms } from './gcp-client.ts';
import { gcpSigningName } from './gcp-names.ts';
import { newestEnabledVersion } from './gcp-versions.ts';

const ALGORITHMS: Readonly<Record<string, KmsAlgorithm>> = {
  EC_SIGN_ED25519: { kind: 'ed25519', hash: undefined },
  EC_SIGN_P256_SHA256: { kind: 'P-256', hash: 'sha256' },
  EC_SIGN_P384_SHA384: { kind: 'P-384', hash: 'sha384' },
  RSA_SIGN_PKCS1_2048_SHA256: { kind: 'rsa', hash: 'sha256' },
  RSA_SIGN_PKCS1_3072_SHA256: { kind: 'rsa', hash: 'sha256' },
  RSA_SIGN_PKCS1_4096_SHA256: { kind: 'rsa', hash: 'sha256' },
};

/** Opens a signing key of Google Cloud KMS: one version, which is not looked for again. See `openKmsKey`. */
export async function openGcpSigningKey(uri: string, hash: KmsHash, options: KmsOptions): Promise<SigningKey> {
  const { key, version } = gcpSigningName(uri);
  const kms = await openGcpKms(options);
  try {
    return await openVersion(kms, version ?? (await newestEnabledVersion(kms, key)), hash);
  } catch (cause) {
    await kms.close();
    throw cause;
  }
}

async function openVersion(kms: GcpKms, name: string, hash: KmsHash): Promise<SigningKey> {
  const service = 'Google Cloud KMS';
  const reading: KmsTask = {
    service,
    verb: 'tell the public key of',
    key: name,
    permission: 'cloudkms.cryptoKeyVersions.viewPublicKey',
  };
  const signing: KmsTask = {
    service,
    verb: 'sign with',
    key: name,
    permission: 'cloudkms.cryptoKeyVersions.useToSign',
  };
  const { pem, told } = await kms.call(reading, async (client, options) => {
    const [answer] = await client.getPublicKey({ name }, options);
    requireName(reading, name, answer.name);
    return {
      pem: checkedBytes(reading, 'public key', encodeUtf8(answer.pem ?? ''), answer.pemCrc32c),
      told: `${answer.algorithm}`,
    };
  });
  const algorithm = requireAlgorithm(reading, ALGORITHMS, told, hash);
  const publicKey = kmsPublicKey(reading, algorithm.kind, () => createPublicKey(decodeUtf8(pem)));
  const sign = (input: Uint8Array): Promise<Uint8Array> =>
    kms.call(signing, async (client, options) => {
      const value = crc32c(input);
      const [answer] = await client.asymmetricSign(
        algorithm.hash === undefined
          ? { name, data: input, dataCrc32c: { value } }
          : { name, digest: { [algorithm.hash]: input }, digestCrc32c: { value } },
        options,
      );
      requireName(signing, name, answer.name);
      const isVerified = algorithm.hash === undefined ? answer.verifiedDataCrc32c : answer.verifiedDigestCrc32c;
      requireVerified(signing, algorithm.hash === undefined ? 'message' : 'digest', isVerified);
      return checkedBytes(signing, 'signature', answer.signature, answer.signatureCrc32c);
    });
  return kmsSigningKey(signing, publicKey, algorithm, sign, () => kms.close());
}
