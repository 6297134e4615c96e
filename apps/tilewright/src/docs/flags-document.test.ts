import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { serveFlags } from '../serve/config/settings.ts';
import { flagsDocument } from './flags-document.ts';

/** `serve --help` of rekor-server-posix v2.3.0, and `--identity-mode`, which came after it. */
const UPSTREAM =
  'antispam-max-batch-size antispam-pushback-threshold batch-max-age batch-max-size checkpoint-interval client-signing-algorithms grpc-address grpc-port grpc-tls-cert-file grpc-tls-key-file hostname http-address http-metrics-port http-port http-tls-cert-file http-tls-key-file identity-mode log-level max-request-body-size persistent-antispam pushback-max-outstanding read-only request-response-logging server-timeout signer-filepath signer-password storage-dir tlog-timeout witness-policy-path';

test('docs/flags.md is what the flag table says', () => {
  expect(readFileSync(new URL('../../../../docs/flags.md', import.meta.url), 'utf8')).toBe(flagsDocument());
});

test('every flag of rekor-server-posix is there under its own name, and no other is called one of its', () => {
  const ours = Object.entries(serveFlags).filter(([, flag]) => 'upstream' in flag);
  expect(ours.map(([name]) => name).sort()).toEqual(UPSTREAM.split(' '));
});
