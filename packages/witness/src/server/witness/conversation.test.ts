import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeHex, encodeUtf8 } from '@tilewright/core/bytes';
import { parseTimestampedSignature } from '@tilewright/core/cosignature';
import { openNote, parseVerifierKey } from '@tilewright/core/note';
import { openCosignatures, parseAddCheckpoint } from '@tilewright/core/witness';
import { cosignerOf, noteVerifierOf, privateKeyFromSeed } from '@tilewright/signer';
import { expect, onTestFinished, test } from 'vitest';
import { readKnownLogs } from '../known-logs.ts';
import { startWitnessServer } from '../start-witness-server.ts';
import { openWitnessState } from '../state/open-witness-state.ts';

interface Step {
  readonly name: string;
  readonly body: string;
  readonly status: number | readonly number[];
  readonly response?: string;
}
interface Vectors {
  readonly add_checkpoint: readonly Step[];
  readonly keys: Readonly<Record<string, string>>;
}

const vectors: Vectors = JSON.parse(
  readFileSync(new URL('../../../../../testdata/c2sp-vectors.json', import.meta.url), 'utf8'),
);
const key = (name: string): string => vectors.keys[name] ?? '';
const NAME = 'witness.example/w1';
const NOW_S = 1_800_000_000;
/** SHA-256 of `log.example/c2sp`, from `sha256sum`. */
const ORIGIN_HASH = '2424108de4f374a0b3262a719352482cad286518498cdf5980ec48f84902374d';

test('WT-1 to WT-15 the conversation of nineteen requests is answered status by status, over HTTP', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tilewright-witness-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const cosigners = [
    cosignerOf(NAME, privateKeyFromSeed('ed25519', decodeHex(key('witness_seed_hex')))),
    cosignerOf(NAME, privateKeyFromSeed('ml-dsa-44', decodeHex(key('mldsa_witness_seed_hex')))),
  ];
  const server = await startWitnessServer({
    cosigners,
    logs: readKnownLogs(encodeUtf8(`log ${key('log_0x01')}\n`), cosigners),
    state: openWitnessState({ path: join(directory, 'state'), name: NAME, create: true }),
    nowMs: () => NOW_S * 1000 + 999,
    events: { emit: () => undefined },
    address: { host: '127.0.0.1', port: 0 },
    prefix: '/w1',
  });
  onTestFinished(() => server.close(0));
  const url = `http://127.0.0.1:${server.port}/w1`;
  const monitored = `${url}/${ORIGIN_HASH}/checkpoint`;
  const own = [key('witness_0x04'), key('witness_0x06')].map((vkey) => noteVerifierOf(parseVerifierKey(vkey)));
  const log = noteVerifierOf(parseVerifierKey(key('log_0x01')));
  expect((await fetch(monitored)).status).toBe(404);

  for (const { name, body, status, response } of vectors.add_checkpoint) {
    const answer = await fetch(`${url}/add-checkpoint`, { method: 'POST', body });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    expect([status].flat(), name).toContain(answer.status);
    const type = answer.headers.get('content-type');
    expect(type, name).toBe(answer.status === 409 ? 'text/x.tlog.size' : 'text/plain; charset=utf-8');
    if (answer.status === 409) expect(new TextDecoder().decode(bytes), name).toBe(response);
    if (answer.status !== 200) {
      // A body that is no 200's must not hold anything that could be taken for a signature.
      expect(new TextDecoder().decode(bytes), name).not.toContain('\u2014');
      continue;
    }
    const { checkpoint } = parseAddCheckpoint(encodeUtf8(body));
    const cosignatures = openCosignatures(checkpoint, bytes, own);
    expect(cosignatures.map(({ keyId }) => keyId)).toEqual(own.map(({ keyId }) => keyId));
    for (const { signature } of cosignatures) {
      expect(parseTimestampedSignature(signature).timestamp).toBe(BigInt(NOW_S));
    }
    const shown = await fetch(monitored);
    expect([shown.status, shown.headers.get('cache-control')]).toEqual([200, 'no-store']);
    const opened = openNote(new Uint8Array(await shown.arrayBuffer()), [log, ...own]);
    expect(opened.verified).toHaveLength(3);
    expect(opened.unverified).toEqual([]);
    expect(opened.text).toEqual(openNote(checkpoint, [log]).text);
  }
  expect((await (await fetch(monitored)).text()).split('\n').slice(0, 2)).toEqual(['log.example/c2sp', '5']);
});
