export { parseDocument } from './json/document.ts';
export { Fields } from './json/fields.ts';
export { type JsonObject, type JsonValue, parseStrictJson } from './json/strict-json.ts';
export type { KeyDetails } from './key-details.ts';
export { formatSigningConfig } from './signing-config/format-signing-config.ts';
export { makeSigningConfig, type ServiceInput, type SigningConfigInput } from './signing-config/make-signing-config.ts';
export { parseSigningConfig } from './signing-config/parse-signing-config.ts';
export {
  type Service,
  type ServiceSelection,
  SIGNING_CONFIG_MEDIA_TYPE,
  type SigningConfig,
} from './signing-config/signing-config.ts';
export { isWithin, type TimeRange, type TimeRangeInput, timestampMs } from './time-range.ts';
export { TrustError, type TrustErrorCode } from './trust-error.ts';
export { formatTrustedRoot } from './trusted-root/format-trusted-root.ts';
export {
  type AuthorityInput,
  type LogInput,
  makeTrustedRoot,
  type TrustedRootInput,
} from './trusted-root/make-trusted-root.ts';
export { parseTrustedRoot } from './trusted-root/parse-trusted-root.ts';
export {
  type CertificateAuthority,
  TRUSTED_ROOT_MEDIA_TYPE,
  type TransparencyLog,
  type TrustedRoot,
} from './trusted-root/trusted-root.ts';
export { bareHost } from './url.ts';
export { signingConfigWarnings, type TrustWarning, type TrustWarningCode, trustedRootWarnings } from './warnings.ts';
