import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { equalBytes } from '../bytes/sequences.ts';
import { encodeUtf8 } from '../bytes/utf8.ts';
import { CoreError } from '../core-error.ts';
import { leafHash } from '../hash/tree-hash.ts';
import { KEY_TYPE, type NoteVerifier, type VerifierKey } from '../note/index.ts';
import { ed25519CosignatureVerifier } from '../note/types/cosignature.ts';
import { ed25519NoteVerifier } from '../note/types/ed25519.ts';
import { mlDsaNoteVerifier } from '../note/types/ml-dsa.ts';
import { parsePolicy } from '../policy/parse-policy.ts';
import { expectCode } from '../testing/expect-code.ts';
import { formatTlogProof, parseTlogProof } from './tlog-proof.ts';
import { verifyTlogProof } from './verify-tlog-proof.ts';

interface Vectors {
  readonly keys: Readonly<Record<'log_0x01' | 'log_0x06' | 'witness_0x04' | 'witness_0x06' | 'mirror_0x06', string>>;
  readonly tlog_proof: {
    readonly entry: string;
    readonly plain: string;
    readonly extra: string;
    readonly size1: string;
  };
  readonly checkpoint: { readonly signed: string };
}
const {
  keys,
  tlog_proof: proofs,
  checkpoint,
}: Vectors = JSON.parse(readFileSync(new URL('../../../../testdata/c2sp-vectors.json', import.meta.url), 'utf8'));
const PLAIN = encodeUtf8(proofs.plain);
const ENTRY = leafHash(encodeUtf8(proofs.entry));

function verifierOf(key: VerifierKey): NoteVerifier {
  if (key.type === KEY_TYPE.ed25519) return ed25519NoteVerifier(key);
  if (key.type === KEY_TYPE.cosignatureEd25519) return ed25519CosignatureVerifier(key);
  return mlDsaNoteVerifier(key);
}
const policy = (...lines: string[]) => parsePolicy(encodeUtf8(lines.join('\n')));
const LOG_ONLY = policy(`log ${keys.log_0x01}`, 'quorum none');

test('a proof is written as it is read: plain, with extra data, and of a tree of one', () => {
  for (const text of [proofs.plain, proofs.extra, proofs.size1]) {
    const bytes = encodeUtf8(text);
    expect(equalBytes(formatTlogProof(parseTlogProof(bytes)), bytes)).toBe(true);
  }
  expect(parseTlogProof(encodeUtf8(proofs.extra)).extra).toEqual(encodeUtf8('extra data'));
  expect(parseTlogProof(encodeUtf8(proofs.size1))).toMatchObject({ index: 0, proof: [], extra: undefined });
});

test('PR-6 an entry is proved offline from the proof, the log key and the policy', () => {
  const { index, checkpoint: found } = verifyTlogProof(PLAIN, ENTRY, LOG_ONLY, verifierOf);
  expect({ index, size: found.size, origin: found.origin }).toEqual({ index: 3, size: 5, origin: 'log.example/c2sp' });
  expectCode(
    () => verifyTlogProof(PLAIN, leafHash(encodeUtf8('record 2')), LOG_ONLY, verifierOf),
    CoreError,
    'proof-invalid',
  );
});

test('PR-6 PO-11 the quorum counts witnesses of both signature types, and a log that is listed under either key', () => {
  const proof = { ...parseTlogProof(PLAIN), checkpoint: encodeUtf8(checkpoint.signed) };
  const bytes = formatTlogProof(proof);
  const witnesses = [`witness w ${keys.witness_0x04}`, `witness m ${keys.witness_0x06}`];
  for (const log of [keys.log_0x01, keys.log_0x06]) {
    const both = policy(`log ${log}`, ...witnesses, 'group q all w m', 'quorum q');
    expect(
      verifyTlogProof(bytes, ENTRY, both, verifierOf).checkpoint.cosigned.map(({ witness }) => witness.name),
    ).toEqual(['w', 'm']);
  }
  const more = policy(
    `log ${keys.log_0x01}`,
    ...witnesses,
    `witness x ${keys.mirror_0x06}`,
    'group q all w m x',
    'quorum q',
  );
  expectCode(() => verifyTlogProof(bytes, ENTRY, more, verifierOf), CoreError, 'unknown-key');
  const some = policy(
    `log ${keys.log_0x01}`,
    ...witnesses,
    `witness x ${keys.mirror_0x06}`,
    'group q 2 w m x',
    'quorum q',
  );
  expect(verifyTlogProof(bytes, ENTRY, some, verifierOf).checkpoint.cosigned).toHaveLength(2);
});

test('PO-6 a log key of another name than the origin is not the log', () => {
  const { plain } = proofs;
  const other = plain.replace('\nlog.example/c2sp\n', '\nlog.example/other\n');
  expectCode(() => verifyTlogProof(encodeUtf8(other), ENTRY, LOG_ONLY, verifierOf), CoreError, 'unknown-key');
});

test('SN-10 a listed witness whose line does not verify refuses the whole', () => {
  const signed = checkpoint.signed.replace('7w1vgAAAAABlU/EAn', '7w1vgAAAAABlU/EAm');
  expect(signed).not.toBe(checkpoint.signed);
  const bytes = formatTlogProof({ ...parseTlogProof(PLAIN), checkpoint: encodeUtf8(signed) });
  const lists = policy(`log ${keys.log_0x01}`, `witness w ${keys.witness_0x04}`, 'quorum none');
  expectCode(() => verifyTlogProof(bytes, ENTRY, lists, verifierOf), CoreError, 'bad-signature');
});

test.each([
  ['PR-1 another first line', proofs.plain.replace('@v1', '@v2')],
  ['PR-3 an index with a zero in front', proofs.plain.replace('index 3', 'index 03')],
  ['PR-3 no index', proofs.plain.replace('index 3\n', '')],
  ['N43 extra behind the index', proofs.plain.replace('index 3\n', 'index 3\nextra ZXh0cmEgZGF0YQ==\n')],
  ['N44 CRLF', proofs.plain.replaceAll('\n', '\r\n')],
  [
    'PR-4 a hash that is cut short',
    proofs.plain.replace(
      'eQtCVVwoF8KPO6ujvYzB2nR8wC1umQQeZPjGJ0bPBTs=',
      'eQtCVVwoF8KPO6ujvYzB2nR8wC1umQQeZPjGJ0bPBQ==',
    ),
  ],
  ['PR-5 no empty line', proofs.plain.replace('\n\n', '\n')],
  ['PR-2 an empty extra line without its space', proofs.plain.replace('index 3', 'extra\nindex 3')],
  [
    '64 hashes',
    proofs.plain.replace('index 3\n', `index 3\n${'eQtCVVwoF8KPO6ujvYzB2nR8wC1umQQeZPjGJ0bPBTs=\n'.repeat(64)}`),
  ],
  ['nothing', ''],
])('%s is malformed', (_, text) => {
  expectCode(() => parseTlogProof(encodeUtf8(text)), CoreError, 'malformed');
});

test('N42 PR-8 an index beyond the tree proves nothing', () => {
  const beyond = encodeUtf8(proofs.plain.replace('index 3', 'index 5'));
  expectCode(() => verifyTlogProof(beyond, ENTRY, LOG_ONLY, verifierOf), CoreError, 'proof-invalid');
});
