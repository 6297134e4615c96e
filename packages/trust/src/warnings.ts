import { equalBytes } from '@tilewright/core/bytes';
import { isKeyName, KEY_TYPE, noteKeyHash } from '@tilewright/core/note';
import { ed25519KeyOf } from './key-details.ts';
import type { SigningConfig } from './signing-config/signing-config.ts';
import { timestampMs } from './time-range.ts';
import type { TransparencyLog, TrustedRoot } from './trusted-root/trusted-root.ts';
import { bareHost } from './url.ts';

/**
 * Something that the formats allow and that breaks or surprises a client.
 * - `origin-mismatch`: the log's origin is not the bare host of `baseUrl`, which sigstore-go, cosign and Java demand
 * - `log-id-mismatch`: an Ed25519 log's id is not its note key hash for the bare host of `baseUrl`
 * - `port-in-url`: rekor-monitor takes the origin from the URL with its port, the others without: they cannot both hold
 * - `path-in-url`: sigstore-java drops the path of a log's URL
 * - `selector-not-any`: sigstore-js accepts no selector but ANY
 * - `starts-in-future`: sigstore-js does not look at the start and uses the service at once
 */
export type TrustWarningCode =
  | 'origin-mismatch'
  | 'log-id-mismatch'
  | 'port-in-url'
  | 'path-in-url'
  | 'selector-not-any'
  | 'starts-in-future';

/** One finding: its place in the document and what to do. */
export interface TrustWarning {
  readonly code: TrustWarningCode;
  readonly path: string;
  readonly message: string;
}

/**
 * Looks for what breaks real clients of Rekor v2 logs.
 * @param origins the origin of each of `root.tlogs`, by index, where it is known
 */
export function trustedRootWarnings(root: TrustedRoot, origins: readonly (string | undefined)[] = []): TrustWarning[] {
  return root.tlogs.flatMap((log, index) => logWarnings(log, `tlogs[${index}]`, origins[index]));
}

/**
 * Looks for what breaks real signing clients.
 * @param nowMs milliseconds since 1970
 */
export function signingConfigWarnings(config: SigningConfig, nowMs: number): TrustWarning[] {
  const warnings: TrustWarning[] = [];
  for (const field of ['rekorTlogConfig', 'tsaConfig'] as const) {
    const selector = config[field]?.selector ?? 'ANY';
    if (selector !== 'ANY') {
      warnings.push({ code: 'selector-not-any', path: field, message: 'sigstore-js refuses selectors other than ANY' });
    }
  }
  for (const field of ['caUrls', 'oidcUrls', 'rekorTlogUrls', 'tsaUrls'] as const) {
    for (const [index, service] of config[field].entries()) {
      const path = `${field}[${index}]`;
      if ((timestampMs(service.validFor.start) ?? 0) > nowMs) {
        const message = 'starts in the future, but sigstore-js uses it at once; publish it when the service is live';
        warnings.push({ code: 'starts-in-future', path: `${path}.validFor.start`, message });
      }
      if (field === 'rekorTlogUrls') warnings.push(...pathWarnings(service.url, `${path}.url`));
    }
  }
  return warnings;
}

function logWarnings(log: TransparencyLog, path: string, origin: string | undefined): TrustWarning[] {
  const warnings: TrustWarning[] = [];
  const host = bareHost(log.baseUrl);
  if (origin !== undefined && origin !== host) {
    const message = `the log's origin has to be the bare host of its URL (${host}) for sigstore-go, cosign and Java`;
    warnings.push({ code: 'origin-mismatch', path: `${path}.baseUrl`, message });
  }
  if (log.publicKey.keyDetails === 'PKIX_ED25519' && !hasNoteKeyId(log, host)) {
    const message = `the log id is not the note key hash of the origin ${host}, so v2 checkpoints will not verify`;
    warnings.push({ code: 'log-id-mismatch', path: `${path}.logId.keyId`, message });
  }
  if (URL.parse(log.baseUrl)?.port !== '') {
    const message = 'rekor-monitor expects the port in the origin, all others do not; serve the log without a port';
    warnings.push({ code: 'port-in-url', path: `${path}.baseUrl`, message });
  }
  return [...warnings, ...pathWarnings(log.baseUrl, `${path}.baseUrl`)];
}

function hasNoteKeyId(log: TransparencyLog, host: string): boolean {
  if (!isKeyName(host)) return false;
  return equalBytes(log.logId, noteKeyHash(host, KEY_TYPE.ed25519, ed25519KeyOf(log.publicKey.rawBytes)));
}

function pathWarnings(url: string, path: string): TrustWarning[] {
  if ((URL.parse(url)?.pathname ?? '/') === '/') return [];
  return [
    { code: 'path-in-url', path, message: 'sigstore-java drops the path of a log URL; give the log a host of its own' },
  ];
}
