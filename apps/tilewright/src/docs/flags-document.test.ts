import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { FlagTable } from '../flags/flag-table.ts';
import { otherBackendFlags } from '../serve/config/other-backends.ts';
import { serveFlags } from '../serve/config/settings.ts';
import { flagsDocument } from './flags-document.ts';

/** `serve --help` of rekor-server-posix v2.3.0, and `--identity-mode`, which came after it. */
const UPSTREAM =
  'antispam-max-batch-size antispam-pushback-threshold batch-max-age batch-max-size checkpoint-interval client-signing-algorithms grpc-address grpc-port grpc-tls-cert-file grpc-tls-key-file hostname http-address http-metrics-port http-port http-tls-cert-file http-tls-key-file identity-mode log-level max-request-body-size persistent-antispam pushback-max-outstanding read-only request-response-logging server-timeout signer-filepath signer-password storage-dir tlog-timeout witness-policy-path';

/** What `serve --help` of rekor-server-gcp has besides. */
const GCP =
  'gcp-bucket gcp-kms-retries gcp-kms-timeout gcp-spanner signer-filepath signer-kmshash signer-kmskey signer-password signer-tink-kek-uri signer-tink-keyset-path';

function flagsOf(upstream: true | 'cloud'): string[] {
  const flags = Object.entries(serveFlags as FlagTable).filter(([, flag]) => flag.upstream === upstream);
  return flags.map(([name]) => name).sort();
}

test('docs/flags.md is what the flag table says', () => {
  expect(readFileSync(new URL('../../../../docs/flags.md', import.meta.url), 'utf8')).toBe(flagsDocument());
});

test('every flag of rekor-server-posix is there under its own name, and no other is called one of its', () => {
  expect(flagsOf(true)).toEqual(UPSTREAM.split(' '));
});

test('every flag of rekor-server-gcp is there or refused by name', () => {
  expect([...flagsOf(true), ...flagsOf('cloud'), ...Object.keys(otherBackendFlags)]).toEqual(
    expect.arrayContaining(GCP.split(' ')),
  );
  expect(flagsOf('cloud').filter((name) => !GCP.split(' ').includes(name))).toEqual([]);
});
