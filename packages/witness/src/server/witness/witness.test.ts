import { asTreeSize, concatBytes, decodeUtf8, encodeUtf8 } from '@tilewright/core/bytes';
import { parseTimestampedSignature } from '@tilewright/core/cosignature';
import { formatSignatureLine, openNote, parseSignatureLines, parseVerifierKey } from '@tilewright/core/note';
import { formatAddCheckpoint, formatSignSubtree, openCosignatures } from '@tilewright/core/witness';
import { cosignatureVerifierOf, noteVerifierOf, subtreeVerifierOf } from '@tilewright/signer';
import { expect, test } from 'vitest';
import { testCosigner } from '../../testing/start-test-witness.ts';
import { testLog } from '../../testing/test-log.ts';
import type { Answer } from '../answer.ts';
import { readKnownLogs } from '../known-logs.ts';
import { witnessStateInMemory } from '../state/open-witness-state.ts';
import { logIdOf } from '../state/witnessed-head.ts';
import { Witness } from './witness.ts';
import type { WitnessEvent } from './witness-events.ts';

const NAME = 'witness.example/w';
const log = testLog('log.example/w');
const ed25519 = testCosigner(NAME);
const mlDsa = testCosigner(NAME, 'ml-dsa-44');
const timeOf = (line: { readonly signature: Uint8Array }): bigint =>
  parseTimestampedSignature(line.signature).timestamp;

function witnessWith(
  cosigners = [ed25519],
  nowMs = (): number => 1_800_000_000_000,
  state = witnessStateInMemory(NAME),
) {
  const events: WitnessEvent[] = [];
  const logs = readKnownLogs(encodeUtf8(`log ${log.vkey}\n`), cosigners);
  const witness = new Witness({ cosigners, logs, state, nowMs, events: { emit: (event) => void events.push(event) } });
  return { witness, events, state };
}

const sentence = ({ body }: Answer): string => decodeUtf8(body);

test('a witness with both types of keys answers with both cosignatures, in the order of its keys', async () => {
  const { witness } = witnessWith([mlDsa, ed25519]);
  const answer = await witness.addCheckpoint(await log.request(0, 4));
  const verifiers = [mlDsa, ed25519].map(({ key }) => cosignatureVerifierOf(key));
  const lines = openCosignatures(await log.checkpoint(4), answer.body, verifiers);
  expect(lines.map(({ keyId }) => keyId)).toEqual([mlDsa.key.keyId, ed25519.key.keyId]);
});

test('extension lines are cosigned by a key that covers them, and refused where there is none', async () => {
  const body = formatAddCheckpoint({
    oldSize: asTreeSize(0),
    proof: [],
    checkpoint: await log.checkpoint(4, ['an extension']),
  });
  const both = await witnessWith([mlDsa, ed25519]).witness.addCheckpoint(body);
  expect(parseSignatureLines(both.body).map(({ keyId }) => keyId)).toEqual([ed25519.key.keyId]);
  const { witness, state } = witnessWith([mlDsa]);
  const refused = await witness.addCheckpoint(body);
  expect([refused.status, state.heads()]).toEqual([400, []]);
  expect(sentence(refused)).toContain('extension lines');
});

test('the time of cosignatures is the clock, in seconds; asked again, the same checkpoint has a fresh one', async () => {
  let now = 1_800_000_000_999;
  const { witness } = witnessWith([ed25519], () => now);
  const [first] = parseSignatureLines((await witness.addCheckpoint(await log.request(0, 4))).body);
  now += 60_000;
  const [second] = parseSignatureLines((await witness.addCheckpoint(await log.request(4, 4))).body);
  expect([first, second].map((line) => line && timeOf(line))).toEqual([1_800_000_000n, 1_800_000_060n]);
});

test('N34 a clock that goes back a little does not turn the time back, and one far behind signs nothing', async () => {
  let now = 1_800_000_000_000;
  const { witness, state } = witnessWith([ed25519], () => now);
  await witness.addCheckpoint(await log.request(0, 4));
  now -= 30_000;
  const [again] = parseSignatureLines((await witness.addCheckpoint(await log.request(4, 5))).body);
  expect(again && timeOf(again)).toBe(1_800_000_000n);
  now -= 3_600_000;
  const refused = await witness.addCheckpoint(await log.request(5, 6));
  expect([refused.status, state.head(logIdOf(log.origin))?.checkpoint.size]).toEqual([503, 5]);
  expect(sentence(refused)).toContain('clock');
});

test.each([0, 999, -5000, Number.NaN])('WT-7 a timestamp is never zero: at %s ms nothing is signed', async (nowMs) => {
  const { witness, state } = witnessWith([ed25519], () => nowMs);
  expect((await witness.addCheckpoint(await log.request(0, 4))).status).toBe(503);
  expect(state.heads()).toEqual([]);
});

test('WT-5 signatures of others in a checkpoint are not in the way, and are not kept', async () => {
  const { witness } = witnessWith();
  const stranger = testLog('stranger.example/s');
  const { name, keyId } = stranger.signer;
  const line = formatSignatureLine(name, keyId, new Uint8Array(64));
  const note = concatBytes(await log.checkpoint(4), encodeUtf8(line));
  const body = formatAddCheckpoint({ oldSize: asTreeSize(0), proof: [], checkpoint: note });
  expect((await witness.addCheckpoint(body)).status).toBe(200);
  const shown = await witness.checkpoint(logIdOf(log.origin));
  const keys = [noteVerifierOf(parseVerifierKey(log.vkey)), cosignatureVerifierOf(ed25519.key)];
  expect(openNote(shown.body, keys)).toMatchObject({ verified: [{}, {}], unverified: [] });
});

test('two trees of one size that a log signed are told, once, with both checkpoints', async () => {
  const { witness, events } = witnessWith();
  const fork = testLog(log.origin, { entry: (index) => `another ${index}` });
  await witness.addCheckpoint(await log.request(0, 4));
  for (const oldSize of [4, 4, 0]) {
    const body = formatAddCheckpoint({ oldSize: asTreeSize(oldSize), proof: [], checkpoint: await fork.checkpoint(4) });
    expect((await witness.addCheckpoint(body)).status).toBe(oldSize === 4 ? 422 : 409);
  }
  const conflicts = events.filter((event) => event.type === 'conflict');
  expect(conflicts).toMatchObject([{ origin: log.origin, size: 4 }]);
  const verifiers = [noteVerifierOf(parseVerifierKey(log.vkey))];
  const notes = conflicts.flatMap(({ cosigned, offered }) => [cosigned, offered]);
  expect(notes.map((note) => openNote(note, verifiers).text)).toEqual([
    openNote(await log.checkpoint(4), verifiers).text,
    openNote(await fork.checkpoint(4), verifiers).text,
  ]);
});

test('a log that is taken away is not cosigned any more; what was cosigned of it stays to be seen', async () => {
  const { witness } = witnessWith();
  await witness.addCheckpoint(await log.request(0, 4));
  witness.setLogs(new Map());
  expect((await witness.addCheckpoint(await log.request(4, 5))).status).toBe(404);
  expect((await witness.checkpoint(logIdOf(log.origin))).status).toBe(200);
});

test('a key that does not sign is a 500 without a signature; what is stored can be cosigned later', async () => {
  const broken = { ...ed25519, cosign: async () => Promise.reject(new Error('the token was pulled')) };
  const { witness, events, state } = witnessWith([broken]);
  const answer = await witness.addCheckpoint(await log.request(0, 4));
  expect([answer.status, sentence(answer)]).toEqual([500, 'add-checkpoint failed\n']);
  expect(events).toMatchObject([{ type: 'failed', error: { message: 'the token was pulled' } }]);
  const { witness: mended } = witnessWith([ed25519], undefined, state);
  expect((await mended.addCheckpoint(await log.request(0, 4))).status).toBe(409);
  expect((await mended.addCheckpoint(await log.request(4, 4))).status).toBe(200);
});

test('WT-12 WT-13 sign-subtree answers for parts of what this witness cosigned, with timestamp 0', async () => {
  const { witness } = witnessWith([ed25519, mlDsa]);
  const lines = await witness.addCheckpoint(await log.request(0, 13));
  const checkpoint = concatBytes(await log.checkpoint(13), lines.body);
  const request = { start: 8, end: 12, ...log.subtree(8, 12, 13), checkpoint };
  const answer = await witness.signSubtree(formatSignSubtree(request));
  expect(answer.status).toBe(200);
  const [line, ...more] = parseSignatureLines(answer.body);
  expect([line?.keyId, more]).toEqual([mlDsa.key.keyId, []]);
  const signature = line?.signature ?? new Uint8Array();
  expect(timeOf({ signature })).toBe(0n);
  const subtree = { origin: log.origin, start: 8, end: 12, hash: request.hash };
  expect(subtreeVerifierOf(mlDsa.key).verifySubtree(subtree, signature)).toBe(true);

  const statuses = [
    { ...request, start: 9 },
    { ...request, hash: log.subtree(0, 4, 13).hash },
    { ...request, checkpoint: await log.checkpoint(13) },
    { ...request, checkpoint: await testLog('log.example/unknown').checkpoint(13) },
  ].map(async (each) => (await witness.signSubtree(formatSignSubtree(each))).status);
  expect(await Promise.all(statuses)).toEqual([400, 422, 403, 404]);
});

test('without a key for it there is no sign-subtree', async () => {
  expect((await witnessWith([ed25519]).witness.signSubtree(new Uint8Array())).status).toBe(404);
});

test('keys that are not those of one witness are refused', () => {
  expect(() => witnessWith([])).toThrow('a witness has a key');
  expect(() => witnessWith([ed25519, testCosigner('another.example/w', 'ml-dsa-44')])).toThrow('two names');
  expect(() => witnessWith([ed25519, ed25519])).toThrow('two keys of one type');
});
