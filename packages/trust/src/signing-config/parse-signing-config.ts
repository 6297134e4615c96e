import { parseDocument } from '../json/document.ts';
import { Fields } from '../json/fields.ts';
import type { JsonValue } from '../json/strict-json.ts';
import { requireNoDuplicates } from '../no-duplicates.ts';
import { readTimeRange } from '../time-range.ts';
import { TrustError } from '../trust-error.ts';
import { requireServiceUrl } from '../url.ts';
import {
  type Service,
  type ServiceSelection,
  SIGNING_CONFIG_MEDIA_TYPE,
  type SigningConfig,
} from './signing-config.ts';

const KNOWN = ['mediaType', 'caUrls', 'oidcUrls', 'rekorTlogUrls', 'rekorTlogConfig', 'tsaUrls', 'tsaConfig'] as const;

/**
 * Parses a SigningConfig v0.2 document strictly: closed field sets in camelCase, RFC 3339 times, a selection for every
 * list that needs one and for none that is empty, no service twice.
 *
 * @param json at most 4 MiB
 * @throws TrustError
 */
export function parseSigningConfig(json: string | Uint8Array): SigningConfig {
  const fields = new Fields(parseDocument(json), '', KNOWN);
  if (fields.string('mediaType') !== SIGNING_CONFIG_MEDIA_TYPE) {
    throw new TrustError('unsupported', 'mediaType', `only ${SIGNING_CONFIG_MEDIA_TYPE} is supported`);
  }
  const rekorTlogUrls = readServices(fields, 'rekorTlogUrls');
  const tsaUrls = readServices(fields, 'tsaUrls');
  const rekorTlogConfig = readSelection(fields, 'rekorTlogConfig', rekorTlogUrls);
  const tsaConfig = readSelection(fields, 'tsaConfig', tsaUrls);
  return {
    caUrls: readServices(fields, 'caUrls'),
    oidcUrls: readServices(fields, 'oidcUrls'),
    rekorTlogUrls,
    ...(rekorTlogConfig && { rekorTlogConfig }),
    tsaUrls,
    ...(tsaConfig && { tsaConfig }),
  };
}

function readServices(fields: Fields, field: (typeof KNOWN)[number]): Service[] {
  const services = fields.list(field, readService);
  const identities = services.map((s) => `${s.url} ${s.majorApiVersion} ${s.validFor.start}`);
  requireNoDuplicates(identities, field, 'URL, version and start');
  return services;
}

function readService(value: JsonValue, path: string): Service {
  const fields = new Fields(value, path, ['url', 'majorApiVersion', 'validFor', 'operator']);
  return {
    url: requireServiceUrl(fields.string('url'), fields.at('url')),
    majorApiVersion: fields.uint32('majorApiVersion', 1),
    validFor: readTimeRange(fields.value('validFor'), fields.at('validFor')),
    ...(fields.has('operator') && { operator: fields.string('operator') }),
  };
}

function readSelection(
  fields: Fields,
  field: 'rekorTlogConfig' | 'tsaConfig',
  services: readonly Service[],
): ServiceSelection | undefined {
  if (!fields.has(field)) {
    if (services.length === 0) return undefined;
    throw new TrustError('missing-field', field, 'a selector is needed where services are listed, for example ANY');
  }
  if (services.length === 0) throw new TrustError('bad-value', field, 'a selector is given, but no service is listed');
  const selection = new Fields(fields.value(field), field, ['selector', 'count']);
  const selector = selection.string('selector');
  if (selector === 'EXACT') {
    const count = selection.uint32('count', 1);
    if (count <= services.length) return { selector, count };
    throw new TrustError('bad-value', selection.at('count'), `only ${services.length} services are listed`);
  }
  if (selector !== 'ANY' && selector !== 'ALL') {
    throw new TrustError('unsupported', selection.at('selector'), 'ANY, ALL or EXACT is needed');
  }
  if (selection.has('count')) throw new TrustError('bad-value', selection.at('count'), 'a count goes with EXACT only');
  return { selector };
}
