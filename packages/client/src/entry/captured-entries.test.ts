import { readFileSync } from 'node:fs';
import { decodeBase64, decodeUtf8 } from '@tilewright/core/bytes';
import { expectCode } from '@tilewright/core/testing';
import { type JsonObject, makeTrustedRoot } from '@tilewright/trust';
import { expect, test } from 'vitest';
import { ClientError } from '../client-error.ts';
import { leafOf } from './expected-leaf.ts';
import { logEntryFromJson, logEntryToJson } from './log-entry-json.ts';
import { trustedLogById } from './trusted-log.ts';
import { verifyLogEntry } from './verify-log-entry.ts';

interface Vectors {
  readonly logs: readonly { origin: string; spkiB64: string; logIdB64: string }[];
  readonly captured: readonly { name: string; tle: JsonObject }[];
}

const vectors: Vectors = JSON.parse(
  readFileSync(new URL('../../../../testdata/rekor-tiles-vectors.json', import.meta.url), 'utf8'),
);

const ROOT = makeTrustedRoot({
  tlogs: vectors.logs.map(({ origin, spkiB64, logIdB64 }) => ({
    baseUrl: `https://${origin}`,
    spki: decodeBase64(spkiB64),
    keyDetails: 'PKIX_ED25519',
    logId: decodeBase64(logIdB64),
    validFor: { start: '2025-01-01T00:00:00Z' },
  })),
});

test.each(vectors.captured)('$name verifies against the key of its log', ({ tle }) => {
  const message = logEntryFromJson(tle);
  const { kind = '', version = '' } = message.kindVersion ?? {};
  const log = trustedLogById(ROOT, message.logId?.keyId ?? new Uint8Array());
  const entry = verifyLogEntry(message, log, { kind, version, body: message.canonicalizedBody });
  expect(String(entry.index)).toBe(tle.logIndex);
  expect(entry.origin).toMatch(/sigstage\.dev$/);
  expect(logEntryFromJson(JSON.parse(JSON.stringify(logEntryToJson(entry))))).toEqual(message);
  // Of another log's key, it does not.
  const other = vectors.logs.find(({ logIdB64 }) => logIdB64 !== (tle.logId as JsonObject).keyId);
  const otherLog = trustedLogById(ROOT, decodeBase64(other?.logIdB64 ?? ''));
  const expected = { kind, version, body: message.canonicalizedBody };
  expectCode(() => verifyLogEntry(message, otherLog, expected), ClientError, 'untrusted');
  expectCode(() => verifyLogEntry(message, { ...otherLog, logId: log.logId }, expected), ClientError, 'untrusted');
});

const hashedrekord = vectors.captured.filter(({ tle }) => (tle.kindVersion as JsonObject).kind === 'hashedrekord');

test.each(hashedrekord)('the leaf of $name is rebuilt from its facts', ({ tle }) => {
  const { canonicalizedBody } = logEntryFromJson(tle);
  const { data, signature } = JSON.parse(decodeUtf8(canonicalizedBody)).spec.hashedRekordV002;
  const { publicKey, x509Certificate } = signature.verifier;
  const leaf = leafOf({
    digest: decodeBase64(data.digest),
    signature: decodeBase64(signature.content),
    verifier: x509Certificate
      ? { kind: 'x509Certificate', rawBytes: decodeBase64(x509Certificate.rawBytes) }
      : { kind: 'publicKey', rawBytes: decodeBase64(publicKey.rawBytes) },
  });
  expect(leaf.body).toEqual(canonicalizedBody);
});

test('a log is trusted only under the id that its host and key make', () => {
  const [first] = vectors.logs;
  const log = (baseUrl: string) => ({
    baseUrl,
    spki: decodeBase64(first?.spkiB64 ?? ''),
    keyDetails: 'PKIX_ED25519',
    logId: decodeBase64(first?.logIdB64 ?? ''),
    validFor: { start: '2025-01-01T00:00:00Z' },
  });
  const logId = decodeBase64(first?.logIdB64 ?? '');
  const trusted = trustedLogById(makeTrustedRoot({ tlogs: [log(`https://${first?.origin}:8443/prefix`)] }), logId);
  expect(trusted.origin).toBe(first?.origin);
  const renamed = makeTrustedRoot({ tlogs: [log('https://other.example.com')] });
  expectCode(() => trustedLogById(renamed, logId), ClientError, 'untrusted');
  const error = expectCode(() => trustedLogById(renamed, new Uint8Array(32)), ClientError, 'untrusted');
  expect(error.message).toContain('https://other.example.com');
  expectCode(() => trustedLogById(makeTrustedRoot({}), logId), ClientError, 'untrusted');
});
