import { randomBytes, sign } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import { encodeUtf8 } from '@tilewright/core/bytes';
import { crc32c } from '../../kms/call/crc32c.ts';
import { signDigest } from '../sign-digest.ts';
import type { GcpTestKeys, GcpTestVersion } from './gcp-keys.ts';

/** A checksum as the descriptors have it. */
interface Checksum {
  readonly value: string;
}

/** A request: the fields of any of the methods. */
export interface GcpRequest {
  readonly name: string;
  readonly parent: string;
  readonly plaintext: Uint8Array;
  readonly plaintextCrc32c: Checksum | null;
  readonly ciphertext: Uint8Array;
  readonly ciphertextCrc32c: Checksum | null;
  readonly additionalAuthenticatedData: Uint8Array;
  readonly additionalAuthenticatedDataCrc32c: Checksum | null;
  readonly data: Uint8Array;
  readonly dataCrc32c: Checksum | null;
  readonly digest: { readonly sha256?: Uint8Array; readonly sha384?: Uint8Array; readonly sha512?: Uint8Array } | null;
  readonly digestCrc32c: Checksum | null;
  readonly filter: string;
  readonly orderBy: string;
  readonly pageSize: number;
  readonly pageToken: string;
}

/** An answer: the fields of any of the methods. */
export type GcpAnswer = Record<string, unknown>;

/** An error of the service. */
export class GcpStatus extends Error {
  override readonly name = 'GcpStatus';
  readonly code: status;

  constructor(code: status, details: string) {
    super(details);
    this.code = code;
  }
}

type Method = (request: GcpRequest, keys: GcpTestKeys, signsOther: boolean) => GcpAnswer;

/** Pages are as small as can be, so that few versions make several. */
const PAGE_SIZE = 2;

/** The methods, as the reference of google.cloud.kms.v1 describes them; with `signsOther` they sign something else. */
export const gcpMethods: Readonly<Record<string, Method>> = {
  Encrypt: (request, keys) => {
    const cipher = keys.ciphers.get(request.name) ?? notFound(request.name);
    requireChecksum('plaintext', request.plaintext, request.plaintextCrc32c);
    requireAssociatedData(request);
    return {
      name: `${request.name}/cryptoKeyVersions/1`,
      ...withChecksum('ciphertext', cipher.seal(request.plaintext, request.additionalAuthenticatedData)),
      verifiedPlaintextCrc32c: request.plaintextCrc32c !== null,
      verifiedAdditionalAuthenticatedDataCrc32c: request.additionalAuthenticatedDataCrc32c !== null,
    };
  },
  Decrypt: (request, keys) => {
    const cipher = keys.ciphers.get(request.name) ?? notFound(request.name);
    requireChecksum('ciphertext', request.ciphertext, request.ciphertextCrc32c);
    requireAssociatedData(request);
    const plaintext = cipher.open(request.ciphertext, request.additionalAuthenticatedData);
    if (plaintext === undefined) invalid("Decryption failed: verify that 'name' refers to the correct CryptoKey.");
    return { ...withChecksum('plaintext', plaintext), usedPrimary: true };
  },
  GetPublicKey: (request, keys) => {
    const { name, algorithm, publicKey } = enabledVersion(request, keys);
    const pem = String(publicKey.export({ type: 'spki', format: 'pem' }));
    return { name, algorithm, pem, pemCrc32c: { value: `${crc32c(encodeUtf8(pem))}` } };
  },
  ListCryptoKeyVersions: ({ parent, filter, orderBy, pageSize, pageToken }, keys) => {
    const all = keys.versionsOf(parent).filter(({ state }) => filter !== 'state=ENABLED' || state === 'ENABLED');
    // By name as text, the hardest order that "name desc" may mean: version 9 comes before version 10.
    if (orderBy === 'name desc') all.sort((a, b) => (a.name < b.name ? 1 : -1));
    const start = Number(pageToken === '' ? '0' : pageToken);
    const end = start + Math.min(pageSize === 0 ? PAGE_SIZE : pageSize, PAGE_SIZE);
    const page = all.slice(start, end).map(({ name, state, algorithm }) => ({ name, state, algorithm }));
    return { cryptoKeyVersions: page, nextPageToken: end < all.length ? `${end}` : '' };
  },
  AsymmetricSign: (request, keys, signsOther) => {
    const version = enabledVersion(request, keys);
    return {
      name: version.name,
      ...withChecksum('signature', signRequest(request, version, signsOther)),
      verifiedDataCrc32c: request.dataCrc32c !== null,
      verifiedDigestCrc32c: request.digestCrc32c !== null,
    };
  },
};

function signRequest(request: GcpRequest, { algorithm, privateKey }: GcpTestVersion, signsOther: boolean): Uint8Array {
  const { data, digest } = request;
  if (algorithm === 'EC_SIGN_ED25519') {
    if (digest !== null || data.length === 0) invalid('Ed25519 keys sign data, not a digest.');
    requireChecksum('data', data, request.dataCrc32c);
    return sign(null, signsOther ? randomBytes(data.length) : data, privateKey);
  }
  const input = algorithm === 'EC_SIGN_P384_SHA384' ? digest?.sha384 : digest?.sha256;
  if (input === undefined || data.length > 0) invalid('The digest is not of the algorithm of the key.');
  requireChecksum('digest', input, request.digestCrc32c);
  return signDigest(privateKey, signsOther ? randomBytes(input.length) : input);
}

function enabledVersion({ name }: GcpRequest, keys: GcpTestKeys): GcpTestVersion {
  const version = keys.versions.get(name) ?? notFound(name);
  if (version.state === 'ENABLED') return version;
  throw new GcpStatus(status.FAILED_PRECONDITION, `${name} is not enabled, current state is: ${version.state}.`);
}

function withChecksum(field: string, bytes: Uint8Array): GcpAnswer {
  return { [field]: bytes, [`${field}Crc32c`]: { value: `${crc32c(bytes)}` } };
}

function requireAssociatedData(request: GcpRequest): void {
  const { additionalAuthenticatedData: data, additionalAuthenticatedDataCrc32c: checksum } = request;
  if (data.length > 0) requireChecksum('additional_authenticated_data', data, checksum);
}

// The service answers a request without a checksum too; what is tested here must send one.
function requireChecksum(field: string, bytes: Uint8Array, checksum: Checksum | null): void {
  if (checksum?.value === `${crc32c(bytes)}`) return;
  invalid(`The checksum in field ${field}_crc32c did not match the data in field ${field}.`);
}

function invalid(details: string): never {
  throw new GcpStatus(status.INVALID_ARGUMENT, details);
}

function notFound(name: string): never {
  throw new GcpStatus(status.NOT_FOUND, `${name} not found.`);
}
