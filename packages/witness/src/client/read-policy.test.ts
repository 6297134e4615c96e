import { encodeUtf8 } from '@tilewright/core/bytes';
import { formatVerifierKey } from '@tilewright/core/note';
import { expect, test } from 'vitest';
import { testCosigner } from '../testing/index.ts';
import { WitnessError } from '../witness-error.ts';
import { readWitnessPolicy } from './read-policy.ts';

const vkey = (name: string): string => {
  const { key } = testCosigner(name);
  return formatVerifierKey(name, key.type, key.key);
};
const [a, b, c] = ['a.example', 'b.example', 'c.example'].map(vkey);

function problem(...lines: readonly string[]): string {
  try {
    readWitnessPolicy(encodeUtf8(`${lines.join('\n')}\n`));
  } catch (error) {
    if (error instanceof WitnessError && error.code === 'bad-policy') return error.message;
    throw error;
  }
  return 'none';
}

test('witnesses with a URL are asked, the others only count', () => {
  const policy = readWitnessPolicy(
    encodeUtf8(
      `witness a ${a} https://a.example/x/\nwitness b ${b}\nwitness c ${c} http://c\ngroup g 2 a b c\nquorum g\n`,
    ),
  );
  expect(policy.reachable.map(({ name, url }) => [name, url])).toEqual([
    ['a', 'https://a.example/x'],
    ['c', 'http://c'],
  ]);
});

test('with quorum none nobody is asked', () => {
  expect(readWitnessPolicy(encodeUtf8(`witness a ${a} https://a.example\nquorum none\n`)).reachable).toEqual([]);
});

test('policies that cannot be used, each with its reason', () => {
  expect(problem(`witness a ${a} https://a.example`)).toContain('the policy has no quorum line');
  expect(problem(`witness a ${a} https://a.example`, 'quorum b')).toContain('line 2');
  expect(problem(`witness a ${a} https://a.example`, `witness b ${b}`, 'group g all a b', 'quorum g')).toContain(
    'gives a URL for 1 of 2 witnesses: its quorum can never be met',
  );
  for (const url of ['ftp://a.example', 'a.example', 'https://a.example/?x=1', 'https://a.example/#x']) {
    expect(problem(`witness a ${a} ${url}`, 'quorum a')).toContain('the URL of witness "a"');
  }
});
