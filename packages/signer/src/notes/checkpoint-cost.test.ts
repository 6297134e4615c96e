import { verify } from 'node:crypto';
import { asHash, asTreeSize } from '@tilewright/core/bytes';
import { formatCheckpoint, openCheckpoint } from '@tilewright/core/checkpoint';
import { signNote } from '@tilewright/core/note';
import { expect, test } from 'vitest';
import { generateEd25519KeyPem } from '../keys/generate-key.ts';
import { readSpki } from '../keys/public-key.ts';
import { loadSignerFile } from '../load/load-signer-file.ts';

const MOST = 1.3;
const ROUNDS = 1000;
const CALLS = 5;

/** Microseconds a call, of the quietest twentieth of many short turns: what else the machine does is left out. */
function quietest(jobs: readonly (() => void)[]): number[] {
  const times = jobs.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, job] of jobs.entries()) {
      const start = process.hrtime.bigint();
      for (let call = 0; call < CALLS; call++) job();
      times[index]?.push(Number(process.hrtime.bigint() - start) / CALLS / 1000);
    }
  }
  return times.map((each) => each.toSorted((a, b) => a - b)[ROUNDS / 20] ?? Number.NaN);
}

test(`reading and verifying a checkpoint costs at most ${MOST} of crypto.verify`, { timeout: 60_000 }, async ({
  annotate,
}) => {
  const { signer, verifier, spki, origin } = loadSignerFile(generateEd25519KeyPem(), 'log.example');
  const root = asHash(new Uint8Array(32));
  const text = formatCheckpoint({ origin, size: asTreeSize(123_456_789), root, extensions: [] });
  const note = await signNote(text, [signer]);
  const signature = await signer.sign(text);
  const { key } = readSpki(spki);
  const [bare = 0, whole = 0] = quietest([
    () => verify(null, text, key, signature),
    () => openCheckpoint(note, origin, verifier),
  ]);
  await annotate(
    `crypto.verify ${bare.toFixed(1)} µs, openCheckpoint ${whole.toFixed(1)} µs: ${(whole / bare).toFixed(3)}`,
  );
  expect(whole / bare).toBeLessThan(MOST);
});
