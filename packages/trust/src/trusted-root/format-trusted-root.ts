import { encodeBase64 } from '@tilewright/core/bytes';
import { formatDocument } from '../json/document.ts';
import {
  type CertificateAuthority,
  TRUSTED_ROOT_MEDIA_TYPE,
  type TransparencyLog,
  type TrustedRoot,
} from './trusted-root.ts';

/** A TrustedRoot as its JSON document: fields in one fixed order, two spaces, final newline; empty lists are left out. */
export function formatTrustedRoot(root: TrustedRoot): string {
  return formatDocument({
    mediaType: TRUSTED_ROOT_MEDIA_TYPE,
    tlogs: unlessEmpty(root.tlogs.map(logJson)),
    certificateAuthorities: unlessEmpty(root.certificateAuthorities.map(authorityJson)),
    ctlogs: unlessEmpty(root.ctlogs.map(logJson)),
    timestampAuthorities: unlessEmpty(root.timestampAuthorities.map(authorityJson)),
  });
}

function unlessEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}

function logJson(log: TransparencyLog): object {
  return {
    baseUrl: log.baseUrl,
    hashAlgorithm: log.hashAlgorithm,
    publicKey: {
      rawBytes: encodeBase64(log.publicKey.rawBytes),
      keyDetails: log.publicKey.keyDetails,
      validFor: { start: log.publicKey.validFor.start, end: log.publicKey.validFor.end },
    },
    logId: { keyId: encodeBase64(log.logId) },
  };
}

function authorityJson(authority: CertificateAuthority): object {
  return {
    subject: { organization: authority.subject.organization, commonName: authority.subject.commonName },
    uri: authority.uri,
    certChain: { certificates: authority.certChain.map((der) => ({ rawBytes: encodeBase64(der) })) },
    validFor: { start: authority.validFor.start, end: authority.validFor.end },
  };
}
