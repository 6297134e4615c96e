import { encodeBase64 } from '@tilewright/core/bytes';
import { parseDocument } from '../json/document.ts';
import { Fields } from '../json/fields.ts';
import type { JsonValue } from '../json/strict-json.ts';
import { requireDer, requireKeyDetails, requireKeyShape } from '../key-details.ts';
import { requireNoDuplicates } from '../no-duplicates.ts';
import { readTimeRange } from '../time-range.ts';
import { TrustError } from '../trust-error.ts';
import { requireServiceUrl } from '../url.ts';
import {
  type CertificateAuthority,
  TRUSTED_ROOT_MEDIA_TYPE,
  type TransparencyLog,
  type TrustedRoot,
} from './trusted-root.ts';

const LOG_ID_BYTES = 32;

/**
 * Parses a TrustedRoot v0.1 document strictly: closed field sets in camelCase, canonical base64, RFC 3339 times, keys of
 * the kind that they claim, no log and no authority twice.
 *
 * @param json at most 4 MiB
 * @throws TrustError
 */
export function parseTrustedRoot(json: string | Uint8Array): TrustedRoot {
  const fields = new Fields(parseDocument(json), '', [
    'mediaType',
    'tlogs',
    'certificateAuthorities',
    'ctlogs',
    'timestampAuthorities',
  ]);
  if (fields.string('mediaType') !== TRUSTED_ROOT_MEDIA_TYPE) {
    throw new TrustError('unsupported', 'mediaType', `only ${TRUSTED_ROOT_MEDIA_TYPE} is supported`);
  }
  const root: TrustedRoot = {
    tlogs: fields.list('tlogs', readLog),
    certificateAuthorities: fields.list('certificateAuthorities', readAuthority),
    ctlogs: fields.list('ctlogs', readLog),
    timestampAuthorities: fields.list('timestampAuthorities', readAuthority),
  };
  requireNoDuplicates(
    root.tlogs.map((log) => encodeBase64(log.logId)),
    'tlogs',
    'log id',
  );
  requireNoDuplicates(
    root.ctlogs.map((log) => encodeBase64(log.logId)),
    'ctlogs',
    'log id',
  );
  requireNoDuplicates(root.certificateAuthorities.map(authorityIdentity), 'certificateAuthorities', 'chain and URI');
  requireNoDuplicates(root.timestampAuthorities.map(authorityIdentity), 'timestampAuthorities', 'chain and URI');
  return root;
}

function readLog(value: JsonValue, path: string): TransparencyLog {
  const fields = new Fields(value, path, ['baseUrl', 'hashAlgorithm', 'publicKey', 'logId']);
  const key = new Fields(fields.value('publicKey'), fields.at('publicKey'), ['rawBytes', 'keyDetails', 'validFor']);
  const id = new Fields(fields.value('logId'), fields.at('logId'), ['keyId']);
  if (fields.string('hashAlgorithm') !== 'SHA2_256') {
    throw new TrustError('unsupported', fields.at('hashAlgorithm'), 'only SHA2_256 is supported');
  }
  const keyDetails = requireKeyDetails(key.string('keyDetails'), key.at('keyDetails'));
  const rawBytes = key.bytes('rawBytes');
  requireKeyShape(rawBytes, keyDetails, key.at('rawBytes'));
  const logId = id.bytes('keyId');
  if (logId.length !== LOG_ID_BYTES) {
    throw new TrustError('bad-value', id.at('keyId'), `a log id has ${LOG_ID_BYTES} bytes, this one ${logId.length}`);
  }
  return {
    baseUrl: requireServiceUrl(fields.string('baseUrl'), fields.at('baseUrl')),
    hashAlgorithm: 'SHA2_256',
    publicKey: { rawBytes, keyDetails, validFor: readTimeRange(key.value('validFor'), key.at('validFor')) },
    logId,
  };
}

function readAuthority(value: JsonValue, path: string): CertificateAuthority {
  const fields = new Fields(value, path, ['subject', 'uri', 'certChain', 'validFor']);
  const subject = new Fields(fields.value('subject'), fields.at('subject'), ['organization', 'commonName']);
  const chain = new Fields(fields.value('certChain'), fields.at('certChain'), ['certificates']);
  const certChain = chain.list('certificates', (item, at) => {
    const der = new Fields(item, at, ['rawBytes']).bytes('rawBytes');
    requireDer(der, `${at}.rawBytes`);
    return der;
  });
  if (certChain.length === 0) throw new TrustError('missing-field', chain.at('certificates'), 'the chain is empty');
  const uri = fields.has('uri') ? { uri: fields.string('uri') } : {};
  return {
    subject: { organization: subject.string('organization'), commonName: subject.string('commonName') },
    ...uri,
    certChain,
    validFor: readTimeRange(fields.value('validFor'), fields.at('validFor')),
  };
}

function authorityIdentity(authority: CertificateAuthority): string {
  return [authority.uri ?? '', ...authority.certChain.map(encodeBase64)].join(' ');
}
