import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeBase64, equalBytes } from '../bytes/index.ts';
import { asTreeSize } from '../bytes/tree-numbers.ts';
import { encodeUtf8 } from '../bytes/utf8.ts';
import { EMPTY_ROOT } from '../hash/tree-hash.ts';
import type { Tree } from '../merkle/tree.ts';
import { parseVerifierKey } from '../note/index.ts';
import { ed25519NoteVerifier } from '../note/types/ed25519.ts';
import { formatAddCheckpoint, parseAddCheckpoint } from './add-checkpoint-request.ts';
import { checkAddCheckpoint, type WitnessedLog } from './check-add-checkpoint.ts';

interface Step {
  readonly name: string;
  readonly body: string;
  readonly status: number | readonly number[];
  readonly response?: string;
}
interface Vectors {
  readonly add_checkpoint: readonly Step[];
  readonly keys: { readonly log_0x01: string };
  readonly roots: Readonly<Record<string, string>>;
}
const vectors: Vectors = JSON.parse(
  readFileSync(new URL('../../../../testdata/c2sp-vectors.json', import.meta.url), 'utf8'),
);
const verifiers = [ed25519NoteVerifier(parseVerifierKey(vectors.keys.log_0x01))];
const ORIGIN = 'log.example/c2sp';
const EMPTY: Tree = { size: asTreeSize(0), root: EMPTY_ROOT };

function knowing(latest: Tree): (origin: string) => WitnessedLog | undefined {
  return (origin) => (origin === ORIGIN ? { verifiers, latest } : undefined);
}

function step(name: string): Step {
  const found = vectors.add_checkpoint.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no step '${name}'`);
  return found;
}

test('WT-9 the conversation of nineteen requests is answered status by status', () => {
  let latest = EMPTY;
  for (const { name, body, status, response } of vectors.add_checkpoint) {
    const verdict = checkAddCheckpoint(encodeUtf8(body), knowing(latest));
    expect([status].flat(), name).toContain(verdict.status);
    if (verdict.status === 409) expect(`${verdict.size}\n`, name).toBe(response);
    if (verdict.status !== 200) continue;
    expect(equalBytes(verdict.note, parseAddCheckpoint(encodeUtf8(body)).checkpoint), name).toBe(true);
    latest = verdict.checkpoint;
  }
  expect(latest.size).toBe(5);
  expect(equalBytes(latest.root, decodeBase64(vectors.roots['5'] ?? ''))).toBe(true);
});

test('WT-11 a client without state learns the size from a 409', () => {
  const three = checkAddCheckpoint(encodeUtf8(step('first').body), knowing(EMPTY));
  if (three.status !== 200) throw new Error('the first checkpoint is to be taken');
  const again = checkAddCheckpoint(encodeUtf8(step('first').body), knowing(three.checkpoint));
  expect(again).toMatchObject({ status: 409, size: 3 });
});

test('N31 of two racing requests on one state both may pass: whoever stores second must ask again', () => {
  const three = checkAddCheckpoint(encodeUtf8(step('first').body), knowing(EMPTY));
  if (three.status !== 200) throw new Error('the first checkpoint is to be taken');
  const grow = encodeUtf8(step('grow').body);
  const five = checkAddCheckpoint(grow, knowing(three.checkpoint));
  if (five.status !== 200) throw new Error('the larger checkpoint is to be taken');
  // The state moved between reading and storing: checked again on what is stored now, the same request is a conflict.
  expect(checkAddCheckpoint(grow, knowing(five.checkpoint))).toMatchObject({ status: 409, size: 5 });
});

test('N32 after a crash between storing and answering, asking at the new size is answered again', () => {
  const same = checkAddCheckpoint(
    encodeUtf8(step('same size, same root').body),
    knowing({ size: asTreeSize(5), root: decodeRoot('5') }),
  );
  expect(same.status).toBe(200);
});

test('a request is written as it is read', () => {
  for (const { body, status } of vectors.add_checkpoint) {
    if (status !== 200) continue;
    const bytes = encodeUtf8(body);
    expect(equalBytes(formatAddCheckpoint(parseAddCheckpoint(bytes)), bytes)).toBe(true);
  }
});

test('whatever is changed in a request, the answer is a verdict, and 200 only for a tree that the log signed', () => {
  const good = encodeUtf8(step('grow').body);
  const three: Tree = { size: asTreeSize(3), root: decodeRoot('3') };
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
      const changed = good.slice();
      changed[at] = ((changed[at] ?? 0) + by) % 256;
      const verdict = checkAddCheckpoint(changed, knowing(three));
      expect(verdict.status === 200 && !equalBytes(verdict.checkpoint.root, decodeRoot('5'))).toBe(false);
    }),
    { numRuns: 2000 },
  );
});

function decodeRoot(size: string): Tree['root'] {
  return decodeBase64(vectors.roots[size] ?? '') as Tree['root'];
}
