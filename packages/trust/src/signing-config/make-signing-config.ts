import { type TimeRangeInput, writeTimeRange } from '../time-range.ts';
import { formatSigningConfig } from './format-signing-config.ts';
import { parseSigningConfig } from './parse-signing-config.ts';
import type { Service, ServiceSelection, SigningConfig } from './signing-config.ts';

/** A service for {@link makeSigningConfig}. */
export interface ServiceInput {
  /** Base URL (a trailing slash is removed); for time-stamp authorities the whole URL, left as it is. */
  readonly url: string;
  /** Rekor: 1 or 2; the others: 1. */
  readonly majorApiVersion: number;
  readonly validFor: TimeRangeInput;
  /** Who runs it; some clients refuse services without one. */
  readonly operator: string;
}

/** What {@link makeSigningConfig} takes; lists are written in the given order (by convention newest first). */
export interface SigningConfigInput {
  readonly caUrls?: readonly ServiceInput[];
  readonly oidcUrls?: readonly ServiceInput[];
  readonly rekorTlogUrls?: readonly ServiceInput[];
  /** `ANY` when absent and logs are listed: sigstore-js accepts nothing else. */
  readonly rekorTlogConfig?: ServiceSelection;
  readonly tsaUrls?: readonly ServiceInput[];
  /** `ANY` when absent and authorities are listed. */
  readonly tsaConfig?: ServiceSelection;
}

/**
 * Makes a SigningConfig v0.2. The result has passed the strict parser; write it with `formatSigningConfig` and look at
 * `signingConfigWarnings` before publishing it.
 *
 * @throws TrustError naming the first field that breaks a rule of the format
 */
export function makeSigningConfig(input: SigningConfigInput): SigningConfig {
  const rekorTlogConfig = input.rekorTlogConfig ?? anyOf(input.rekorTlogUrls);
  const tsaConfig = input.tsaConfig ?? anyOf(input.tsaUrls);
  return parseSigningConfig(
    formatSigningConfig({
      caUrls: (input.caUrls ?? []).map(makeBaseService),
      oidcUrls: (input.oidcUrls ?? []).map(makeBaseService),
      rekorTlogUrls: (input.rekorTlogUrls ?? []).map(makeBaseService),
      ...(rekorTlogConfig && { rekorTlogConfig }),
      tsaUrls: (input.tsaUrls ?? []).map(makeService),
      ...(tsaConfig && { tsaConfig }),
    }),
  );
}

function anyOf(services: readonly ServiceInput[] | undefined): ServiceSelection | undefined {
  return services === undefined || services.length === 0 ? undefined : { selector: 'ANY' };
}

function makeBaseService(service: ServiceInput): Service {
  return { ...makeService(service), url: service.url.replace(/\/$/, '') };
}

function makeService(service: ServiceInput): Service {
  return {
    url: service.url,
    majorApiVersion: service.majorApiVersion,
    validFor: writeTimeRange(service.validFor),
    operator: service.operator,
  };
}
