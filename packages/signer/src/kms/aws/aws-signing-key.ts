import type { MessageType, SigningAlgorithmSpec } from '@aws-sdk/client-kms';
import { readSpki } from '../../keys/public-key.ts';
import type { SigningKey } from '../../keys/signing-key.ts';
import { badAnswer, type KmsTask } from '../call/kms-fault.ts';
import type { KmsOptions } from '../kms-options.ts';
import { type KmsAlgorithm, type KmsHash, kmsPublicKey, requireAlgorithm } from '../signing/kms-algorithm.ts';
import { kmsSigningKey } from '../signing/kms-signing-key.ts';
import { answeredBytes, requireKey } from './aws-checks.ts';
import { type AwsKms, openAwsKms } from './aws-client.ts';
import { awsSigningName } from './aws-names.ts';

interface AwsAlgorithm extends KmsAlgorithm {
  readonly algorithm: SigningAlgorithmSpec;
}

const RSA: AwsAlgorithm = { kind: 'rsa', hash: 'sha256', algorithm: 'RSASSA_PKCS1_V1_5_SHA_256' };

const ALGORITHMS: Readonly<Record<string, AwsAlgorithm>> = {
  ECC_NIST_EDWARDS25519: { kind: 'ed25519', hash: undefined, algorithm: 'ED25519_SHA_512' },
  ECC_NIST_P256: { kind: 'P-256', hash: 'sha256', algorithm: 'ECDSA_SHA_256' },
  ECC_NIST_P384: { kind: 'P-384', hash: 'sha384', algorithm: 'ECDSA_SHA_384' },
  ECC_NIST_P521: { kind: 'P-521', hash: 'sha512', algorithm: 'ECDSA_SHA_512' },
  RSA_2048: RSA,
  RSA_3072: RSA,
  RSA_4096: RSA,
};

/** Opens a signing key of AWS KMS: the one that an alias names now, which is not looked for again. See `openKmsKey`. */
export async function openAwsSigningKey(uri: string, hash: KmsHash, options: KmsOptions): Promise<SigningKey> {
  const name = awsSigningName(uri);
  const kms = await openAwsKms(name, options);
  try {
    return await openKey(kms, name.keyId, hash);
  } catch (cause) {
    await kms.close();
    throw cause;
  }
}

async function openKey(kms: AwsKms, keyId: string, hash: KmsHash): Promise<SigningKey> {
  const service = 'AWS KMS';
  const reading: KmsTask = { service, verb: 'tell the public key of', key: keyId, permission: 'kms:GetPublicKey' };
  const command = new kms.sdk.GetPublicKeyCommand({ KeyId: keyId });
  const { arn, spki, spec } = await kms.call(reading, async (client, callOptions) => {
    const answer = await client.send(command, callOptions);
    return {
      arn: requireKey(reading, answer.KeyId),
      spki: answeredBytes(reading, 'public key', answer.PublicKey),
      spec: answer.KeySpec,
    };
  });
  const algorithm = requireAlgorithm(reading, ALGORITHMS, spec, hash);
  const publicKey = kmsPublicKey(reading, algorithm.kind, () => readSpki(spki).key);
  const signing: KmsTask = { service, verb: 'sign with', key: arn, permission: 'kms:Sign' };
  const sign = (input: Uint8Array): Promise<Uint8Array> => askForSignature(kms, signing, algorithm, input);
  return kmsSigningKey(signing, publicKey, algorithm, sign, () => kms.close());
}

async function askForSignature(
  kms: AwsKms,
  task: KmsTask,
  { hash, algorithm }: AwsAlgorithm,
  input: Uint8Array,
): Promise<Uint8Array> {
  const messageType: MessageType = hash === undefined ? 'RAW' : 'DIGEST';
  const command = new kms.sdk.SignCommand({
    KeyId: task.key,
    Message: input,
    MessageType: messageType,
    SigningAlgorithm: algorithm,
  });
  return await kms.call(task, async (client, callOptions) => {
    const answer = await client.send(command, callOptions);
    requireKey(task, answer.KeyId);
    if (answer.SigningAlgorithm !== algorithm) throw badAnswer(task, 'it is of another algorithm than was asked for');
    return answeredBytes(task, 'signature', answer.Signature);
  });
}
