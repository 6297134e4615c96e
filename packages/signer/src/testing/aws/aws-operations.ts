import { randomBytes, sign } from 'node:crypto';
import { concatBytes, decodeBase64, decodeUtf8, encodeBase64, encodeUtf8 } from '@tilewright/core/bytes';
import { signDigest } from '../sign-digest.ts';
import type { AwsTestKey, AwsTestKeys } from './aws-keys.ts';

/** A request: the members of any of the operations. Bytes are in base64. */
export interface AwsRequest {
  readonly KeyId?: string;
  readonly Plaintext?: string;
  readonly CiphertextBlob?: string;
  readonly EncryptionContext?: Readonly<Record<string, string>>;
  readonly Message?: string;
  readonly MessageType?: 'RAW' | 'DIGEST';
  readonly SigningAlgorithm?: string;
}

/** An answer: the members of any of the operations. */
export type AwsAnswer = Record<string, unknown>;

/** An error of the service. */
export class AwsException extends Error {
  override readonly name = 'AwsException';
  readonly type: string;
  readonly status: number;

  constructor(type: string, message: string, status = 400) {
    super(message);
    this.type = type;
    this.status = status;
  }
}

type Operation = (request: AwsRequest, keys: AwsTestKeys, signsOther: boolean) => AwsAnswer;

/** Digest lengths of the algorithms that take digests. */
const DIGEST_BYTES: Readonly<Record<string, number>> = {
  ECDSA_SHA_256: 32,
  ECDSA_SHA_384: 48,
  ECDSA_SHA_512: 64,
  RSASSA_PKCS1_V1_5_SHA_256: 32,
};

/** The operations, as the API reference describes them; with `signsOther` they sign something else. */
export const awsOperations: Readonly<Record<string, Operation>> = {
  Encrypt: (request, keys) => {
    const key = enabledKey(request, keys);
    const plaintext = decodeBase64(request.Plaintext ?? '');
    if (key.cipher === undefined) throw usage(key);
    if (plaintext.length > 4096) throw new AwsException('ValidationException', "Value at 'plaintext' is too long");
    const sealed = key.cipher.seal(plaintext, contextOf(request));
    const blob = concatBytes(Uint8Array.of(key.arn.length), encodeUtf8(key.arn), sealed);
    return { CiphertextBlob: encodeBase64(blob), KeyId: key.arn, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' };
  },
  Decrypt: (request, keys) => {
    const key = enabledKey(request, keys);
    const blob = decodeBase64(request.CiphertextBlob ?? '');
    const end = 1 + (blob[0] ?? 0);
    const named = keys.find(asText(blob.subarray(1, end)));
    if (named?.cipher === undefined) throw new AwsException('InvalidCiphertextException', '');
    if (named !== key) {
      throw new AwsException(
        'IncorrectKeyException',
        'The key ID in the request does not identify a CMK that can perform this operation.',
      );
    }
    const plaintext = named.cipher.open(blob.subarray(end), contextOf(request));
    if (plaintext === undefined) throw new AwsException('InvalidCiphertextException', '');
    return { Plaintext: encodeBase64(plaintext), KeyId: key.arn, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' };
  },
  GetPublicKey: (request, keys) => {
    const key = enabledKey(request, keys);
    if (key.signing === undefined) throw new AwsException('UnsupportedOperationException', `${key.arn} is symmetric.`);
    const { spec, algorithms, publicKey } = key.signing;
    return {
      KeyId: key.arn,
      KeySpec: spec,
      CustomerMasterKeySpec: spec,
      KeyUsage: 'SIGN_VERIFY',
      SigningAlgorithms: algorithms,
      PublicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    };
  },
  Sign: (request, keys, signsOther) => {
    const key = enabledKey(request, keys);
    const message = decodeBase64(request.Message ?? '');
    const signed = signsOther ? randomBytes(message.length) : message;
    return {
      KeyId: key.arn,
      SigningAlgorithm: request.SigningAlgorithm,
      Signature: encodeBase64(Uint8Array.from(signRequest(request, key, signed))),
    };
  },
};

function signRequest(
  { MessageType, SigningAlgorithm = '' }: AwsRequest,
  key: AwsTestKey,
  input: Uint8Array,
): Uint8Array {
  if (key.signing === undefined || !key.signing.algorithms.includes(SigningAlgorithm)) throw usage(key);
  const { privateKey } = key.signing;
  if (SigningAlgorithm === 'ED25519_SHA_512') {
    if (MessageType !== 'RAW') throw new AwsException('ValidationException', 'ED25519_SHA_512 takes RAW messages.');
    return sign(null, input, privateKey);
  }
  if (MessageType !== 'DIGEST' || input.length !== DIGEST_BYTES[SigningAlgorithm]) {
    throw new AwsException('ValidationException', `Digest is invalid length for algorithm ${SigningAlgorithm}.`);
  }
  return signDigest(privateKey, input);
}

function enabledKey({ KeyId = '' }: AwsRequest, keys: AwsTestKeys): AwsTestKey {
  const key = keys.find(KeyId);
  if (key === undefined) throw new AwsException('NotFoundException', `Key '${KeyId}' does not exist`);
  if (!key.isEnabled) throw new AwsException('DisabledException', `${key.arn} is disabled.`);
  return key;
}

function usage(key: AwsTestKey): AwsException {
  return new AwsException('InvalidKeyUsageException', `${key.arn} is not valid for this operation.`);
}

function contextOf({ EncryptionContext = {} }: AwsRequest): Uint8Array {
  return encodeUtf8(JSON.stringify(Object.entries(EncryptionContext).sort()));
}

function asText(bytes: Uint8Array): string {
  try {
    return decodeUtf8(bytes);
  } catch {
    return '';
  }
}
