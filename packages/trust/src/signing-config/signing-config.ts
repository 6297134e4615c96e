import type { TimeRange } from '../time-range.ts';

/** The media type that every client demands. */
export const SIGNING_CONFIG_MEDIA_TYPE = 'application/vnd.dev.sigstore.signingconfig.v0.2+json';

/** One service that signers may use. */
export interface Service {
  /** Base URL without a trailing slash; for time-stamp authorities the whole URL that requests are posted to. */
  readonly url: string;
  /** Rekor: 1 or 2; the others: 1. */
  readonly majorApiVersion: number;
  readonly validFor: TimeRange;
  /** Who runs it; clients pick one service an operator. Absent means unnamed. */
  readonly operator?: string;
}

/** How many of the listed services a signer uses: any one, all, or exactly `count` (at least 1). */
export type ServiceSelection =
  | { readonly selector: 'ANY' }
  | { readonly selector: 'ALL' }
  | { readonly selector: 'EXACT'; readonly count: number };

/**
 * Sigstore's SigningConfig v0.2: the services that signers use. Values of this type come from `parseSigningConfig` and
 * `makeSigningConfig` and hold their rules.
 */
export interface SigningConfig {
  readonly caUrls: readonly Service[];
  readonly oidcUrls: readonly Service[];
  readonly rekorTlogUrls: readonly Service[];
  /** Present exactly when `rekorTlogUrls` is not empty. */
  readonly rekorTlogConfig?: ServiceSelection;
  readonly tsaUrls: readonly Service[];
  /** Present exactly when `tsaUrls` is not empty. */
  readonly tsaConfig?: ServiceSelection;
}
