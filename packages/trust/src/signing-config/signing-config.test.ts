import { expectCode } from '@tilewright/core/testing';
import { expect, test } from 'vitest';
import { TrustError, type TrustErrorCode } from '../trust-error.ts';
import { signingConfigWarnings } from '../warnings.ts';
import { formatSigningConfig } from './format-signing-config.ts';
import { makeSigningConfig, type ServiceInput } from './make-signing-config.ts';
import { parseSigningConfig } from './parse-signing-config.ts';

const NOW = Date.UTC(2026, 0, 1);

const FULL = makeSigningConfig({
  caUrls: [service('http://fulcio.localhost')],
  oidcUrls: [service('http://oidc.localhost')],
  rekorTlogUrls: [service('http://rekor.localhost/', 2)],
  tsaUrls: [service('http://tsa.localhost/api/v1/timestamp')],
});

test('the document is the one that clients pin', () => {
  const text = formatSigningConfig(makeSigningConfig({ rekorTlogUrls: [service('http://rekor.localhost/', 2)] }));
  expect(text).toBe(`{
  "mediaType": "application/vnd.dev.sigstore.signingconfig.v0.2+json",
  "rekorTlogUrls": [
    {
      "url": "http://rekor.localhost",
      "majorApiVersion": 2,
      "validFor": {
        "start": "2025-01-01T00:00:00Z"
      },
      "operator": "local.test"
    }
  ],
  "rekorTlogConfig": {
    "selector": "ANY"
  }
}
`);
});

test('parsing and formatting are inverse', () => {
  const text = formatSigningConfig(FULL);
  expect(parseSigningConfig(text)).toEqual(FULL);
  expect(formatSigningConfig(parseSigningConfig(text))).toBe(text);
  expect([...text.matchAll(/"(\w+(?:Urls|Config))"/g)].map((m) => m[1])).toEqual([
    'caUrls',
    'oidcUrls',
    'rekorTlogUrls',
    'rekorTlogConfig',
    'tsaUrls',
    'tsaConfig',
  ]);
});

test('EXACT carries its count', () => {
  const config = makeSigningConfig({
    rekorTlogUrls: [service('http://a.localhost', 2), service('http://b.localhost', 2)],
    rekorTlogConfig: { selector: 'EXACT', count: 2 },
  });
  expect(parseSigningConfig(formatSigningConfig(config)).rekorTlogConfig).toEqual({ selector: 'EXACT', count: 2 });
});

const BROKEN: readonly [TrustErrorCode, string, (text: string) => string][] = [
  ['unsupported', 'mediaType', (t) => t.replace('v0.2', 'v0.1')],
  ['unknown-field', '', (t) => t.replace('"caUrls"', '"caUrl"')],
  ['unknown-field', 'caUrls[0]', (t) => t.replace('"majorApiVersion"', '"major_api_version"')],
  ['missing-field', 'caUrls[0].validFor', (t) => t.replace(/"validFor": \{[^}]*\},/, '')],
  ['bad-value', 'caUrls[0].url', (t) => t.replace('http://fulcio', 'ftp://fulcio')],
  ['bad-value', 'caUrls[0].majorApiVersion', (t) => t.replace('"majorApiVersion": 1', '"majorApiVersion": 0')],
  ['bad-value', 'caUrls[0].majorApiVersion', (t) => t.replace('"majorApiVersion": 1', '"majorApiVersion": 1.5')],
  ['malformed', 'caUrls[0].majorApiVersion', (t) => t.replace('"majorApiVersion": 1', '"majorApiVersion": "1"')],
  ['missing-field', 'rekorTlogConfig', (t) => t.replace(/"rekorTlogConfig": \{[^}]*\},/, '')],
  ['unsupported', 'rekorTlogConfig.selector', (t) => t.replace('"ANY"', '"SOME"')],
  ['bad-value', 'rekorTlogConfig.count', (t) => t.replace('"ANY"', '"ANY", "count": 1')],
  ['missing-field', 'rekorTlogConfig.count', (t) => t.replace('"ANY"', '"EXACT"')],
  ['bad-value', 'rekorTlogConfig.count', (t) => t.replace('"ANY"', '"EXACT", "count": 2')],
  ['bad-value', 'rekorTlogConfig', (t) => t.replace(/"rekorTlogUrls": \[[^\]]*\]/, '"rekorTlogUrls": []')],
];

test.each(BROKEN)('%s at %s', (code, path, breakIt) => {
  const text = breakIt(formatSigningConfig(FULL));
  expectCode(() => parseSigningConfig(text), TrustError, code);
  expect(() => parseSigningConfig(text)).toThrow(expect.objectContaining({ path }));
});

test('the same service twice is refused', () => {
  const twice = [service('http://a.localhost', 2), service('http://a.localhost/', 2)];
  expectCode(() => makeSigningConfig({ rekorTlogUrls: twice }), TrustError, 'duplicate');
});

test('warnings name what breaks clients', () => {
  expect(signingConfigWarnings(FULL, NOW)).toEqual([]);
  const config = makeSigningConfig({
    rekorTlogUrls: [{ ...service('http://a.localhost/log', 2), validFor: { start: '2027-01-01T00:00:00Z' } }],
    rekorTlogConfig: { selector: 'ALL' },
  });
  expect(signingConfigWarnings(config, NOW).map((w) => [w.code, w.path])).toEqual([
    ['selector-not-any', 'rekorTlogConfig'],
    ['starts-in-future', 'rekorTlogUrls[0].validFor.start'],
    ['path-in-url', 'rekorTlogUrls[0].url'],
  ]);
});

function service(url: string, majorApiVersion = 1): ServiceInput {
  return { url, majorApiVersion, validFor: { start: '2025-01-01T00:00:00Z' }, operator: 'local.test' };
}
