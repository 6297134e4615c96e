import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import { equalBytes } from '@tilewright/core/bytes';
import { hashLeaves, hashNodes } from '@tilewright/core/hash';
import type { PageMaterial, PageRate } from './page-material.ts';

const NODES = 1024;
const LEAVES = 256;
const LEAF_SIZE = 1024;

/** Node hashes and leaf hashes of 1 KiB, in turns with `@noble/hashes`; both must come to the same bytes. */
export function measureRates(material: PageMaterial): PageRate[] {
  const level = sampleBytes(64 * NODES);
  const nodes = new Uint8Array(32 * NODES);
  const entries = sampleBytes(LEAF_SIZE * LEAVES);
  const offsets = Uint32Array.from({ length: LEAVES + 1 }, (_, i) => LEAF_SIZE * i);
  const nobleOutput = new Uint8Array(32 * NODES);
  const hashNoble = (prefix: number, input: Uint8Array, size: number): Uint8Array => {
    const message = new Uint8Array(1 + size);
    message[0] = prefix;
    for (let i = 0; i * size < input.length; i++) {
      message.set(input.subarray(size * i, size * (i + 1)), 1);
      nobleOutput.set(nobleSha256(message), 32 * i);
    }
    return nobleOutput.subarray(0, (32 * input.length) / size);
  };
  return [
    inTurns(material, `nodes, ${NODES} a call`, 'nodes', NODES, {
      ours: () => {
        hashNodes(level, nodes, NODES);
        return nodes;
      },
      noble: () => hashNoble(1, level, 64),
    }),
    inTurns(material, 'leaves of 1 KiB', 'leaves', LEAVES, {
      ours: () => hashLeaves(entries, offsets),
      noble: () => hashNoble(0, entries, LEAF_SIZE),
    }),
  ];
}

function inTurns(
  { sampleMs, rounds }: PageMaterial,
  name: string,
  unit: string,
  count: number,
  { ours, noble }: { readonly ours: () => Uint8Array; readonly noble: () => Uint8Array },
): PageRate {
  // Also warms both up.
  if (!equalBytes(ours(), noble())) throw new Error(`${name}: @noble/hashes comes to other hashes`);
  rate(ours, count, 10 * sampleMs);
  rate(noble, count, 10 * sampleMs);
  const samples = Array.from({ length: rounds }, () => ({
    ours: rate(ours, count, sampleMs),
    noble: rate(noble, count, sampleMs),
  }));
  const perSecond = quiet(samples.map((sample) => sample.ours));
  const noblePerSecond = quiet(samples.map((sample) => sample.noble));
  return { name, unit, perSecond, noblePerSecond, timesAsFast: perSecond / noblePerSecond };
}

function rate(run: () => Uint8Array, count: number, sampleMs: number): number {
  const started = performance.now();
  let now = started;
  let times = 0;
  while (now - started < sampleMs) {
    run();
    times += 1;
    now = performance.now();
  }
  return (1000 * times * count) / (now - started);
}

/** The rate of the quieter moments: a page has only the time on the clock, and what else the machine does is in it. */
function quiet(rates: readonly number[]): number {
  const sorted = rates.toSorted((a, b) => a - b);
  return sorted[Math.floor(0.9 * sorted.length)] ?? Number.NaN;
}

function sampleBytes(length: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return state % 256;
  });
}
