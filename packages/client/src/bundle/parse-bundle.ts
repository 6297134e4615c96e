import { Fields, type JsonValue, parseDocument, TrustError } from '@tilewright/trust';
import { ClientError } from '../client-error.ts';
import { logEntryFromJson } from '../entry/log-entry-json.ts';
import { BUNDLE_MEDIA_TYPE, BUNDLE_MEDIA_TYPE_V02, type Bundle, type BundleSigner } from './bundle.ts';

/**
 * Parses a Sigstore bundle of a message signature strictly: closed field sets, no key twice, canonical base64, exactly
 * one log entry and one signer. v0.3, and v0.2 as sigstore-js writes it.
 *
 * @param json at most 4 MiB
 * @throws ClientError `malformed`; `unsupported` for other media types and for attestations (DSSE)
 */
export function parseBundle(json: string | Uint8Array): Bundle {
  try {
    return readBundle(parseDocument(json));
  } catch (cause) {
    if (!(cause instanceof TrustError)) throw cause;
    const code = cause.code === 'unsupported' ? 'unsupported' : 'malformed';
    throw new ClientError(code, `the bundle cannot be read: ${cause.message}`, { cause });
  }
}

function readBundle(document: JsonValue): Bundle {
  const fields = new Fields(document, '', ['mediaType', 'verificationMaterial', 'messageSignature', 'dsseEnvelope']);
  const mediaType = fields.string('mediaType');
  if (mediaType !== BUNDLE_MEDIA_TYPE && mediaType !== BUNDLE_MEDIA_TYPE_V02) {
    throw new TrustError('unsupported', 'mediaType', `only ${BUNDLE_MEDIA_TYPE} and version 0.2 are supported`);
  }
  if (fields.has('dsseEnvelope')) {
    throw new TrustError('unsupported', 'dsseEnvelope', 'attestations are not verified here, only message signatures');
  }
  const material = new Fields(fields.value('verificationMaterial'), 'verificationMaterial', [
    'publicKey',
    'certificate',
    'x509CertificateChain',
    'tlogEntries',
    'timestampVerificationData',
  ]);
  const entries = material.list('tlogEntries', (value) => logEntryFromJson(value));
  const [entry] = entries;
  if (entry === undefined || entries.length > 1) {
    throw new TrustError(
      'bad-value',
      material.at('tlogEntries'),
      `one log entry is needed, there are ${entries.length}`,
    );
  }
  const message = new Fields(fields.value('messageSignature'), 'messageSignature', ['messageDigest', 'signature']);
  return {
    signer: readSigner(material, mediaType),
    entry,
    timestamps: readTimestamps(material),
    ...(message.has('messageDigest') && { messageDigest: readDigest(message) }),
    signature: message.bytes('signature'),
  };
}

function readSigner(material: Fields, mediaType: string): BundleSigner {
  const kinds = (['publicKey', 'certificate', 'x509CertificateChain'] as const).filter((kind) => material.has(kind));
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1) {
    throw new TrustError(
      'bad-value',
      material.path,
      'exactly one of publicKey, certificate, x509CertificateChain is needed',
    );
  }
  const path = material.at(kind);
  if (kind === 'publicKey') {
    const key = new Fields(material.value(kind), path, ['hint']);
    return { kind: 'public-key', hint: key.has('hint') ? key.string('hint') : '' };
  }
  if (kind === 'certificate') {
    return { kind, certificate: new Fields(material.value(kind), path, ['rawBytes']).bytes('rawBytes') };
  }
  if (mediaType === BUNDLE_MEDIA_TYPE)
    throw new TrustError('bad-value', path, 'bundles of v0.3 hold a single certificate');
  const chain = new Fields(material.value(kind), path, ['certificates']);
  const [leaf] = chain.list('certificates', (value, at) => new Fields(value, at, ['rawBytes']).bytes('rawBytes'));
  if (leaf === undefined) throw new TrustError('missing-field', chain.at('certificates'), 'the chain is empty');
  return { kind: 'certificate', certificate: leaf };
}

function readTimestamps(material: Fields): Uint8Array[] {
  if (!material.has('timestampVerificationData')) return [];
  const path = material.at('timestampVerificationData');
  const data = new Fields(material.value('timestampVerificationData'), path, ['rfc3161Timestamps']);
  return data.list('rfc3161Timestamps', (value, at) =>
    new Fields(value, at, ['signedTimestamp']).bytes('signedTimestamp'),
  );
}

function readDigest(message: Fields): { algorithm: string; digest: Uint8Array } {
  const digest = new Fields(message.value('messageDigest'), message.at('messageDigest'), ['algorithm', 'digest']);
  return { algorithm: digest.string('algorithm'), digest: digest.bytes('digest') };
}
