import { encodeUtf8 } from '@tilewright/core/bytes';
import { formatCheckpoint } from '@tilewright/core/checkpoint';
import { cosignCheckpoint, signerAt } from '@tilewright/core/cosignature';
import { formatSignatureLine } from '@tilewright/core/note';
import { formatLatestSize, parseAddCheckpoint, SIZE_CONTENT_TYPE } from '@tilewright/core/witness';
import { noteVerifierFromVkey, noteVerifierOf } from '@tilewright/signer';
import { expect, test } from 'vitest';
import { testCosigner, testLog } from '../testing/index.ts';
import { askWitness, type WitnessAnswer } from './ask-witness.ts';
import type { WitnessReply } from './transport.ts';

const log = testLog('log.example/asked');
const cosigner = testCosigner('w.example', 'ml-dsa-44');
const verifier = noteVerifierOf(cosigner.key);
const URL = 'https://w.example/prefix';

const text = (size: number): Uint8Array => formatCheckpoint({ origin: log.origin, ...log.tree(size), extensions: [] });
const ok = (body: string): WitnessReply => ({ status: 200, contentType: 'text/plain', body: encodeUtf8(body) });
const conflict = (size: number): WitnessReply => ({
  status: 409,
  contentType: SIZE_CONTENT_TYPE,
  body: formatLatestSize(log.tree(size).size),
});

/** Asks about a checkpoint of `size` entries; `replies` come one after the other. */
async function ask(
  size: number,
  replies: readonly WitnessReply[],
  shown?: WitnessReply,
  known: { size: number } = { size: 0 },
): Promise<{ readonly answer: WitnessAnswer; readonly asked: readonly number[]; readonly looked: readonly string[] }> {
  const asked: number[] = [];
  const looked: string[] = [];
  const answer = await askWitness(
    {
      post: async (url, body) => {
        expect(url).toBe(`${URL}/add-checkpoint`);
        const { oldSize, proof } = parseAddCheckpoint(body);
        expect(proof).toEqual(oldSize === size ? [] : log.proof(oldSize, size));
        asked.push(oldSize);
        return replies[asked.length - 1] ?? { status: 500, contentType: '', body: new Uint8Array(0) };
      },
      get: async (url) => {
        looked.push(url);
        return shown ?? { status: 404, contentType: '', body: new Uint8Array(0) };
      },
    },
    URL,
    verifier,
    {
      origin: log.origin,
      size,
      note: await log.checkpoint(size),
      logVerifier: noteVerifierFromVkey(log.vkey).verifier,
      prove: async (oldSize) => (oldSize === size ? [] : log.proof(oldSize, size)),
    },
    known,
    new AbortController().signal,
  );
  return { answer, asked, looked };
}

test('WT-11 a client without state begins with 0, and learns the size from the conflict', async () => {
  const line = await cosignCheckpoint(text(9), [cosigner], 1_700_000_000n);
  const known = { size: 0 };
  expect(await ask(9, [conflict(4), ok(line)], undefined, known)).toEqual({
    answer: { line },
    asked: [0, 4],
    looked: [],
  });
  expect(known.size).toBe(9);
});

test('WT-8 signatures of other keys in the answer are left out', async () => {
  const other = await cosignCheckpoint(text(9), [testCosigner('other.example')], 1_700_000_000n);
  const line = await cosignCheckpoint(text(9), [cosigner], 1_700_000_000n);
  expect((await ask(9, [ok(other + line)])).answer).toEqual({ line });
  expect((await ask(9, [ok(other)])).answer).toMatchObject({ refused: expect.stringContaining('unknown-key') });
});

test('WT-7 a cosignature without a time is none', async () => {
  const signer = signerAt(cosigner, 0n);
  const line = formatSignatureLine(signer.name, signer.keyId, await signer.sign(text(9)));
  expect((await ask(9, [ok(line)])).answer).toEqual({ refused: 'cosigned without a time' });
});

test('a size in a conflict is believed only as such, in decimal, and a few times', async () => {
  const plain: WitnessReply = { ...conflict(4), contentType: 'text/plain' };
  expect((await ask(9, [plain])).answer).toEqual({ refused: 'answered a conflict without a size', seen: undefined });
  const words: WitnessReply = { ...conflict(4), body: encodeUtf8('four\n') };
  expect((await ask(9, [words])).answer).toMatchObject({ refused: 'answered a conflict without a size' });
  const known = { size: 0 };
  const liar = await ask(9, [conflict(4), conflict(5), conflict(6), conflict(7)], undefined, known);
  expect(liar.asked).toEqual([0, 4, 5]);
  expect(liar.answer).toEqual({ refused: 'named another size in 3 conflicts in a row' });
  expect(known.size).toBe(0);
});

test('what a witness shows counts only when the log signed it', async () => {
  const shown = ok(new TextDecoder().decode(await log.checkpoint(20)));
  const { answer, looked } = await ask(9, [conflict(20)], shown);
  expect(answer).toMatchObject({ seen: await log.checkpoint(20) });
  expect(looked).toEqual([expect.stringMatching(/^https:\/\/w\.example\/prefix\/[0-9a-f]{64}\/checkpoint$/)]);
  const stranger = testLog(log.origin, { seed: new Uint8Array(32).fill(1) });
  const forged = ok(new TextDecoder().decode(await stranger.checkpoint(20)));
  expect((await ask(9, [conflict(20)], forged)).answer).toMatchObject({ seen: undefined });
});

test('a proof that a witness calls wrong is looked into', async () => {
  const shown = ok(new TextDecoder().decode(await log.checkpoint(4)));
  const wrong: WitnessReply = { status: 422, contentType: 'text/plain', body: encodeUtf8('bad proof\n') };
  expect((await ask(9, [wrong], shown)).answer).toEqual({
    refused: 'answered with status 422',
    seen: await log.checkpoint(4),
  });
});

test('a hint of a size beyond the checkpoint is forgotten', async () => {
  const line = await cosignCheckpoint(text(9), [cosigner], 1_700_000_000n);
  expect((await ask(9, [ok(line)], undefined, { size: 30 })).asked).toEqual([0]);
});
