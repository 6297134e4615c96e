import { asTreeSize } from '@tilewright/core/bytes';
import { formatCheckpoint } from '@tilewright/core/checkpoint';
import { leafHash } from '@tilewright/core/hash';
import { signNote } from '@tilewright/core/note';
import { naiveTree } from '@tilewright/core/testing';
import { generateEd25519KeyPem, loadSignerFile } from '@tilewright/signer';
import { expect, test } from 'vitest';
import type { WriteAnswer } from '../../soak/clients/answer.ts';
import { CheckpointReader } from '../read/checkpoint-reader.ts';
import { AnswerJudge } from './answer-judge.ts';
import { EntryBook } from './entry-book.ts';
import { Ledger } from './ledger.ts';

const KEY = loadSignerFile(generateEd25519KeyPem(), 'log.example.com');
const REQUESTS = [0, 1, 2].map((i) => {
  const body = Buffer.from(`entry ${i}`);
  return { json: Buffer.alloc(0), wire: Buffer.alloc(0), body, leaf: leafHash(body) };
});
const TREE = naiveTree(REQUESTS.map(({ leaf }) => leaf));
const ROOT = TREE.root(0, 3);
const NOTE = await signNote(formatCheckpoint({ origin: KEY.origin, size: asTreeSize(3), root: ROOT, extensions: [] }), [
  KEY.signer,
]);
const PROOF = { hashes: TREE.inclusion(1, 3), treeSize: 3, rootHash: ROOT, checkpoint: NOTE };
const CREATED: WriteAnswer = {
  transport: 'http',
  status: 201,
  message: undefined,
  index: 1,
  body: Buffer.from('entry 1'),
  proof: PROOF,
};

/** What is found in the answers to the second request, one after the other. */
function found(...answers: Partial<WriteAnswer>[]): string[] {
  const ledger = new Ledger();
  const judge = new AnswerJudge(ledger, new EntryBook(true), new CheckpointReader(KEY, ledger), true);
  const [, request] = REQUESTS;
  if (request === undefined) throw new Error('there is no such request');
  for (const answer of answers) judge.judge(request, { ...CREATED, ...answer }, judge.send(request));
  return ledger.violations;
}

test('created, then told where it is, over either transport; and a retry that was asked for', () => {
  const told = { status: 409, body: undefined, proof: undefined };
  expect(
    found({}, told, { ...told, transport: 'grpc', status: 6 }, { ...told, status: 503, index: undefined }),
  ).toEqual([]);
});

test.each<[string, Partial<WriteAnswer>[], string | RegExp]>([
  [
    'a refusal',
    [{ status: 400, message: 'invalid', index: undefined }],
    'a good request was answered http 400 invalid',
  ],
  ['no index', [{ index: undefined }], 'http 201 names no index'],
  ['another body', [{ body: Buffer.from('entry 2') }], 'index 1 was answered with another body'],
  ['no proof', [{ proof: undefined }], 'index 1 was answered without a proof'],
  ['a proof of another leaf', [{ proof: { ...PROOF, hashes: TREE.inclusion(0, 3) } }], /^index 1: /],
  ['a proof of another tree', [{ proof: { ...PROOF, treeSize: 2 } }], /another tree than its checkpoint/],
  ['a note that nobody signed', [{ proof: { ...PROOF, checkpoint: Buffer.from('x\n') } }], /^index 1: /],
  ['a second index', [{}, { status: 409, index: 2, proof: undefined }], 'an entry has the indexes 1 and 2'],
  ['a second creation', [{}, {}], 'index 1 was created twice'],
])('%s is told', (_, answers, fault) => {
  const violations = found(...answers);
  expect(violations).toHaveLength(1);
  expect(violations[0]).toMatch(fault);
});
