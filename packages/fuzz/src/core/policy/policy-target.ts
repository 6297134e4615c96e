import { concatBytes, encodeUtf8 } from '@tilewright/core/bytes';
import { formatVerifierKey, KEY_TYPE } from '@tilewright/core/note';
import { isQuorum, type Policy, parsePolicy } from '@tilewright/core/policy';
import type { FuzzRandom } from '../../random/fuzz-random.ts';
import { must } from '../../run/broken-rule.ts';
import type { FuzzTarget } from '../../run/fuzz-target.ts';
import { decoderTarget } from '../kit/decoder-target.ts';
import { refusing } from '../kit/growth.ts';
import { keysOf, vkeyOf } from '../kit/keys.ts';
import { textSample, WORDS } from '../kit/samples.ts';
import { POLICY_REFUSALS } from './refusals.ts';

const MOST = 1_048_576;
const LINES = 10_000;
const OWNERS = ['log.example', 'a', 'caf\u00e9.example', 'w.example'];
const POLICY_WORDS = [
  ...WORDS,
  'quorum ',
  'group ',
  'log ',
  'witness ',
  'none',
  'all',
  'any',
  '#',
  'w0 ',
  'g0 ',
  'log a+00000000+\n',
  'log a+00000000+A\n',
  'quorum none\n',
  'witness none ',
  'x'.repeat(300),
  'x'.repeat(4100),
];

/** `parsePolicy`, and the quorum of what it reads. */
export function policyTarget(decode: typeof parsePolicy = parsePolicy): FuzzTarget {
  return decoderTarget({
    name: 'policy',
    about: 'policies, and whether their quorum is met',
    accepts: ['a policy'],
    refusals: POLICY_REFUSALS,
    cap: { most: MOST, refusal: 'too long', decode },
    growth: [
      refusing(
        'witnesses whose keys begin alike',
        690_000,
        (size) => encodeUtf8(witnesses(Math.floor(size / 70))),
        decode,
      ),
      refusing('groups within groups', 240_000, (size) => encodeUtf8(nested(Math.floor(size / 25))), judged(decode)),
      refusing('a group of many', MOST, (size) => encodeUtf8(wide(Math.floor(size / 90))), judged(decode)),
      refusing('one long word', MOST, (size) => new Uint8Array(size).fill(0x61), decode),
      refusing('one long line of words', MOST, (size) => encodeUtf8('a '.repeat(size / 2)), decode),
      refusing('one long vkey', MOST, (size) => encodeUtf8(`log ${'a'.repeat(size - 5)}\n`), decode),
      refusing('empty lines', MOST, (size) => new Uint8Array(size).fill(10), decode),
      refusing('a long comment', MOST, (size) => encodeUtf8(`#${'a'.repeat(size - 2)}\n`), decode),
    ],
    prepare: (random) => {
      const vkeys = OWNERS.map((name) => keysOf(name).map(vkeyOf));
      const words = [...POLICY_WORDS, ...oddLines(keysOf('odd.example').map(vkeyOf))];
      const samples = Array.from({ length: 60 }, () =>
        textSample(drawPolicy(random, vkeys), words, { lines: true, longest: 12_000 }),
      );
      const lines = encodeUtf8('\n'.repeat(LINES));
      return {
        recipe: { samples, unit: 16 },
        decode(bytes, { input, dice }) {
          const isLong = input.kind === 'damaged' && dice % 5000 === 0;
          check(decode(isLong ? concatBytes(lines, bytes) : bytes));
          return 'a policy';
        },
      };
    },
  });
}

/** All witnesses meet every quorum; none meets none but the one that asks for nobody. */
function check(policy: Policy): void {
  must(
    isQuorum(policy, () => true),
    () => 'all witnesses together are no quorum',
  );
  must(isQuorum(policy, () => false) === (policy.quorum === undefined), () => 'nobody is a quorum');
}

const judged = (decode: typeof parsePolicy) => (bytes: Uint8Array) => check(decode(bytes));

function drawPolicy(random: FuzzRandom, vkeys: readonly (readonly string[])[]): string {
  const url = (): string => random.pick(['', ' https://example.com/', '\t#x']);
  const lines = ['# policy', ''];
  for (const keys of vkeys) {
    const logs = keys.filter((_, at) => at !== 2 && (at !== 5 || random.chance(0.2)));
    if (random.chance(0.4)) lines.push(`log ${random.pick(logs)}${url()}`);
  }
  const names = vkeys.flatMap((keys, at) =>
    random.chance(0.7) ? [witness(lines, `w${at}`, (random.chance(0.2) ? keys[5] : keys[2]) ?? '', url())] : [],
  );
  const [first] = names;
  if (first === undefined || random.chance(0.1)) return `${[...lines, 'quorum none'].join('\n')}\n`;
  const inner = names.slice(0, 1 + random.int(names.length));
  lines.push(`group g0 ${random.pick(['all', 'any', String(1 + random.int(inner.length))])} ${inner.join(' ')}`);
  const outer = ['g0', ...names.slice(inner.length)];
  lines.push(`group g1\tany ${outer.join(' ')}`, `quorum ${random.pick(['g1', 'g0', first])}`);
  return lines.join('\n');
}

/** Lines that break rules of their own. */
function oddLines([log = '', , cosigner = '', , , mlDsa = '']: readonly string[]): string[] {
  const base64 = mlDsa.split('+').slice(2).join('+');
  return [
    `\nlog ${cosigner}\n`,
    `\nwitness odd ${log}\n`,
    `\nwitness none ${cosigner}\n`,
    '\nlog \u00a0+00000000+AA==\n',
    `\nlog ${'x'.repeat(300)}+00000000+${base64}\n`,
  ];
}

function witness(lines: string[], name: string, vkey: string, url: string): string {
  lines.push(`witness ${name} ${vkey}${url}`);
  return name;
}

/** Different keys that differ in their last bytes. */
function witnesses(count: number): string {
  const rows = Array.from({ length: count }, (_, at) => {
    const key = new Uint8Array(32);
    new DataView(key.buffer).setUint32(28, at);
    return `witness w${at} ${formatVerifierKey('w', KEY_TYPE.cosignatureEd25519, key)}\n`;
  });
  return `${rows.join('')}quorum none\n`;
}

function nested(count: number): string {
  const groups = Array.from({ length: count - 3 }, (_, at) => `group g${at + 1} all ${at === 0 ? 'w0' : `g${at}`}\n`);
  return `${witnesses(1).replace('quorum none\n', '')}${groups.join('')}quorum g${count - 3}\n`;
}

function wide(count: number): string {
  const names = Array.from({ length: Math.min(count, LINES - 3) }, (_, at) => `w${at}`);
  return `${witnesses(names.length).replace('quorum none\n', '')}group g all ${names.join(' ')}\nquorum g\n`;
}
