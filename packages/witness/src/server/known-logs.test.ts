import { encodeUtf8 } from '@tilewright/core/bytes';
import { formatVerifierKey, KEY_TYPE } from '@tilewright/core/note';
import { expectCode } from '@tilewright/core/testing';
import { expect, test } from 'vitest';
import { testCosigner } from '../testing/start-test-witness.ts';
import { testLog } from '../testing/test-log.ts';
import { WitnessError } from '../witness-error.ts';
import { type KnownLogs, readKnownLogs } from './known-logs.ts';

const [one, two] = [testLog('log.example/one'), testLog('log.example/two')];
const witness = testCosigner('witness.example/logs');
const read = (text: string): KnownLogs => readKnownLogs(encodeUtf8(text), [witness]);

test('a file of log lines is enough', () => {
  const logs = read(`# ours\nlog ${one.vkey}\n\n  log ${two.vkey} https://two.example/\n`);
  expect([...logs.keys()]).toEqual([one.origin, two.origin]);
  expect(read('').size).toBe(0);
});

test('a whole policy serves as it stands', () => {
  const vkey = formatVerifierKey('w.example', KEY_TYPE.cosignatureEd25519, testCosigner('w.example').key.key);
  const policy = `log ${one.vkey}\nwitness w ${vkey} https://w.example/\ngroup g any w\nquorum g\n`;
  expect([...read(policy).keys()]).toEqual([one.origin]);
});

test('a log that changes its key has both', () => {
  const next = testLog(one.origin, { seed: new Uint8Array(32).fill(7) });
  expect(
    read(`log ${one.vkey}\nlog ${next.vkey}\n`)
      .get(one.origin)
      ?.map(({ keyId }) => keyId),
  ).toEqual([one.signer.keyId, next.signer.keyId]);
});

test.each([
  ['a vkey with a typing error', `log ${one.vkey}\nlog ${two.vkey.replace('log', 'lag')}\n`, /^line 2 of the policy: /],
  ['no vkey', 'log\n', /^line 1 of the policy: /],
  ['a line of another kind', `log ${one.vkey}\n\nlogs ${two.vkey}\n`, /^line 3 of the policy: /],
  ['a log twice', `log ${one.vkey}\nlog ${one.vkey}\n`, /^line 2 of the policy: .*above/],
  ['a mistake behind a quorum', `log ${one.vkey}\nquorum none\nquorum none\n`, /^line 3 of the policy: /],
  ['a quorum that is not there', 'quorum somebody\n', /^line 1 of the policy: /],
])('a file that cannot be understood is refused with its line: %s', (_, text, message) => {
  expectCode(() => read(text), WitnessError, 'bad-logs');
  expect(() => read(text)).toThrow(message);
});

test('CS-5 a log must not sign with the key of the witness', () => {
  const vkey = formatVerifierKey('log.example/reuse', KEY_TYPE.ed25519, witness.key.key);
  expectCode(() => read(`log ${vkey}\n`), WitnessError, 'bad-key');
});
