import { expect, test } from 'vitest';
import type { WriteAnswer } from '../clients/answer.ts';
import { LeafLedger } from './leaf-ledger.ts';

const LEAF = Buffer.from('a leaf');

function answer(status: number, index: number | undefined, body?: Buffer): WriteAnswer {
  return { transport: 'http', status, message: undefined, index, body };
}

test('made once, then known, over either transport', () => {
  const ledger = new LeafLedger();
  expect(ledger.isMade(LEAF)).toBe(false);
  expect(ledger.judge(LEAF, answer(201, 7, LEAF))).toBeUndefined();
  expect(ledger.judge(LEAF, answer(409, 7))).toBeUndefined();
  expect(ledger.judge(LEAF, { ...answer(6, 7), transport: 'grpc' })).toBeUndefined();
  expect(ledger.isMade(LEAF)).toBe(true);
});

test.each([
  ['made twice', answer(201, 7, LEAF)],
  ['another index', answer(409, 8)],
  ['no index', answer(409, undefined)],
  ['a refusal', answer(503, undefined)],
  ['success of the other transport', answer(0, 7, LEAF)],
])('%s is a fault', (_, second) => {
  const ledger = new LeafLedger();
  ledger.judge(LEAF, answer(201, 7, LEAF));
  expect(ledger.judge(LEAF, second)).toBeDefined();
});

test('another body is a fault', () => {
  expect(new LeafLedger().judge(LEAF, answer(201, 0, Buffer.from('another')))).toBe('index 0 has another body');
});
