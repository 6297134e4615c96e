import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { encodeUtf8 } from '../bytes/utf8.ts';
import { CoreError } from '../core-error.ts';
import { formatVerifierKey, parseVerifierKey } from '../note/index.ts';
import { expectCode } from '../testing/expect-code.ts';
import { parsePolicy } from './parse-policy.ts';
import { isQuorum, type Policy } from './policy.ts';

const { keys }: { readonly keys: { readonly log_0x01: string; readonly witness_0x04: string } } = JSON.parse(
  readFileSync(new URL('../../../../testdata/c2sp-vectors.json', import.meta.url), 'utf8'),
);
const LOG = keys.log_0x01;
const W1 = keys.witness_0x04;
const [W2, W3, W4] = [2, 3, 4].map((n) => formatVerifierKey(`witness.example/w${n}`, 4, new Uint8Array(32).fill(n)));
const parse = (...lines: string[]): Policy => parsePolicy(encodeUtf8(lines.join('\n')));
const WITNESSES = [`witness a ${W1}`, `witness b ${W2} https://w2.example`, `witness c ${W3}`, `witness d ${W4}`];

function met(policy: Policy, ...names: string[]): boolean {
  return isQuorum(policy, ({ name }) => names.includes(name));
}

test('PO-8 groups ask for all, any or some of their members, groups within groups too', () => {
  const policy = parse(
    `log ${LOG} https://log.example`,
    ...WITNESSES,
    'group x all a b',
    'group y any c d',
    'group q 2 x y',
    'quorum q',
  );
  expect(policy.logs).toEqual([{ key: parseVerifierKey(LOG), url: 'https://log.example' }]);
  expect(policy.witnesses.map(({ url }) => url)).toEqual([undefined, 'https://w2.example', undefined, undefined]);
  expect(met(policy, 'a', 'b', 'c')).toBe(true);
  expect(met(policy, 'a', 'b', 'd')).toBe(true);
  expect(met(policy, 'a', 'c', 'd')).toBe(false);
  expect(met(policy, 'a', 'b')).toBe(false);
  const two = parse(...WITNESSES, 'group q 2 a b c d', 'quorum q');
  expect([met(two, 'a'), met(two, 'a', 'd'), met(two)]).toEqual([false, true, false]);
  expect(met(parse(...WITNESSES, 'quorum b'), 'b')).toBe(true);
});

test("PO-5 a quorum of 'none' asks for nobody", () => {
  expect(met(parse(`log ${LOG}`, 'quorum none'))).toBe(true);
});

test('PO-3 comments, empty lines and white space around words do not matter', () => {
  const policy = parse('', '  # witnesses', `\t log  \t ${LOG} `, ...WITNESSES, '#quorum a', '   ', ' quorum\tb  ', '');
  expect(policy.quorum?.name).toBe('b');
});

test('PO-2 N49 only space and tab separate: a no-break space is part of a name', () => {
  const policy = parse(`witness a\u00a0b ${W1}`, 'quorum a\u00a0b');
  expect(policy.witnesses[0]?.name).toBe('a\u00a0b');
});

test('PO-1 names are bytes: what is no UTF-8 is a name as well', () => {
  const name = [0xff, 0xfe];
  const bytes = Uint8Array.from([...encodeUtf8('witness '), ...name, ...encodeUtf8(` ${W1}\nquorum `), ...name, 0x0a]);
  const { quorum, witnesses } = parsePolicy(bytes);
  expect(quorum).toBe(witnesses[0]);
});

test.each([
  ['PO-5 no quorum', [...WITNESSES]],
  ['N48 two quorums', [...WITNESSES, 'quorum a', 'quorum b']],
  ['PO-4 N45 a name from below', ['group g any a', ...WITNESSES, 'quorum g']],
  ['N45 a group of itself', [...WITNESSES, 'group g any g', 'quorum g']],
  ["PO-10 'none' as a member", [...WITNESSES, 'group g any none', 'quorum g']],
  ["PO-10 'none' as a name", [`witness none ${W1}`, 'quorum none']],
  ['PO-8 N46 k = 0', [...WITNESSES, 'group g 0 a', 'quorum g']],
  ['PO-8 N46 k = n + 1', [...WITNESSES, 'group g 2 a', 'quorum g']],
  ['PO-8 N46 k = 01', [...WITNESSES, 'group g 01 a', 'quorum g']],
  ['PO-8 k = +1', [...WITNESSES, 'group g +1 a', 'quorum g']],
  ['PO-8 no members', [...WITNESSES, 'group g any', 'quorum g']],
  ['PO-9 a member of two groups', [...WITNESSES, 'group g any a b', 'group h any a c', 'quorum g']],
  ['PO-9 a member twice', [...WITNESSES, 'group g 2 a a', 'quorum g']],
  ['a name twice', [...WITNESSES, `witness a ${formatVerifierKey('x', 4, new Uint8Array(32))}`, 'quorum a']],
  [
    'PO-7 N47 one key under two names',
    [...WITNESSES, `witness e ${formatVerifierKey('x', 4, new Uint8Array(32).fill(2))}`, 'quorum a'],
  ],
  ['PO-7 one log twice', [`log ${LOG}`, `log ${LOG}`, 'quorum none']],
  ['a log that cosigns', [`log ${W1}`, 'quorum none']],
  ['a witness that does not', [`witness a ${LOG}`, 'quorum a']],
  ['words too many', [`log ${LOG} url more`, 'quorum none']],
  ['no such keyword', ['logs x', 'quorum none']],
  ['PO-1 N44 a carriage return', [`log ${LOG}\r`, 'quorum none']],
  ['PO-3 a comment behind a word is a word', [`log ${LOG} url # my log`, 'quorum none']],
])('%s is refused', (_, lines) => {
  expectCode(() => parse(...lines), CoreError, 'malformed');
});

test('a vkey that contradicts itself is named with its line', () => {
  const wrong = LOG.replace('+f4911991+', '+f4911992+');
  expect(() => parse('', `log ${wrong}`, 'quorum none')).toThrow(/line 2 of the policy/);
});

test('PO-12 a hundred of each are fine', () => {
  const many = Array.from({ length: 100 }, (_, i) => i);
  const key = (i: number): Uint8Array => new Uint8Array(32).map((_, at) => (at === 0 ? i : 77));
  const policy = parse(
    ...many.map((i) => `log ${formatVerifierKey(`log${i}`, 1, key(i))}`),
    ...many.map((i) => `witness w${i} ${formatVerifierKey(`w${i}`, 4, key(i))}`),
    ...many.map((i) => `group g${i} any w${i}`),
    `group all all ${many.map((i) => `g${i}`).join(' ')}`,
    'quorum all',
  );
  expect(met(policy, ...many.map((i) => `w${i}`))).toBe(true);
  expect(met(policy, ...many.slice(1).map((i) => `w${i}`))).toBe(false);
});

test('PO-8 groups may be as deep as a policy has lines', () => {
  const lines = Array.from({ length: 9_990 }, (_, i) => `group g${i + 1} all ${i === 0 ? 'a' : `g${i}`}`);
  const policy = parse(WITNESSES[0] ?? '', ...lines, 'quorum g9990');
  expect(met(policy, 'a')).toBe(true);
  expect(met(policy)).toBe(false);
});

test('the keys of many witnesses are compared in a time that grows with their number alone', () => {
  const witnesses = Array.from({ length: 9_000 }, (_, i) => {
    const key = new Uint8Array(32);
    new DataView(key.buffer).setUint16(30, i);
    return `witness w${i} ${formatVerifierKey('w', 4, key)}`;
  });
  const text = encodeUtf8([...witnesses, 'quorum none'].join('\n'));
  const started = performance.now();
  expect(parsePolicy(text).witnesses).toHaveLength(9_000);
  // Each with each would be 1.3 billion bytes: seconds.
  expect(performance.now() - started).toBeLessThan(1_500);
});
