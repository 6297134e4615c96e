import type { FuzzRandom } from '../random/fuzz-random.ts';
import { setExtreme } from './extremes.ts';
import { join } from './join.ts';
import { LINE_MUTATIONS } from './mutate-lines.ts';
import type { Sample } from './sample.ts';

/** Longest input that damage makes, as a multiple of what it was made from. */
const LONGEST = 2;

/** What damage works on. */
interface Work {
  readonly random: FuzzRandom;
  readonly sample: Sample;
  /** Another valid input, of the same kind. */
  readonly other: Sample;
  /** Length of the blocks that are swapped and repeated, in bytes. */
  readonly unit: number;
}

type Mutation = (bytes: Uint8Array, work: Work) => Uint8Array;

/** Somewhere in the bytes, mostly where something stands. */
function place({ random, sample }: Work, length: number): number {
  if (sample.busy.length === 0 || random.chance(0.2)) return random.int(length);
  const { start, end } = random.pick(sample.busy);
  return Math.min(start + random.int(end - start), Math.max(length - 1, 0));
}

/** A place, or the start of a block, or the byte before or behind that. */
function border(work: Work, length: number): number {
  if (work.random.chance(0.5)) return place(work, length + 1);
  const at = work.unit * work.random.int(Math.floor(length / work.unit) + 1) + work.random.pick([-1, 0, 0, 0, 1]);
  return Math.max(0, Math.min(length, at));
}

const blocksOf = (bytes: Uint8Array, unit: number): number => Math.floor(bytes.length / unit);

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'bits flipped': (bytes, work) => {
    for (let i = work.random.pick([1, 1, 1, 2, 8]); i > 0; i--) {
      const at = place(work, bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (2 ** work.random.int(8));
    }
    return bytes;
  },
  'bytes set': (bytes, work) => {
    for (let i = work.random.pick([1, 2, 4]); i > 0; i--) {
      bytes[place(work, bytes.length)] = work.random.pick([0, 1, 10, 34, 127, 128, 255, work.random.int(256)]);
    }
    return bytes;
  },
  'a run overwritten': (bytes, work) => {
    const start = border(work, bytes.length);
    const end = Math.min(bytes.length, start + work.random.pick([4, 16, 100, work.unit]));
    if (work.random.chance(0.5)) bytes.fill(work.random.pick([0, 255]), start, end);
    else bytes.set(work.random.bytes(end - start), start);
    return bytes;
  },
  'cut short': (bytes, work) => bytes.slice(0, border(work, bytes.length)),
  'made longer': (bytes, work) => {
    const length = work.random.pick([1, 7, work.unit, 2 * work.unit]);
    const more = work.random.pick([
      () => new Uint8Array(length),
      () => work.random.bytes(length),
      () => work.other.bytes.subarray(0, length),
      () => bytes.subarray(0, length),
    ]);
    return join(bytes, more());
  },
  spliced: (bytes, work) => {
    const at = border(work, Math.min(bytes.length, work.other.bytes.length));
    return work.random.chance(0.5)
      ? join(bytes.subarray(0, at), work.other.bytes.subarray(at))
      : join(work.other.bytes.subarray(0, at), bytes.subarray(at));
  },
  'blocks swapped': (bytes, { random, unit }) => {
    const [a, b] = [unit * random.int(blocksOf(bytes, unit)), unit * random.int(blocksOf(bytes, unit))];
    const kept = bytes.slice(a, a + unit);
    bytes.copyWithin(a, b, b + unit);
    bytes.set(kept.subarray(0, Math.max(0, bytes.length - b)), b);
    return bytes;
  },
  'a block over another': (bytes, { random, unit }) => {
    const from = unit * random.int(blocksOf(bytes, unit));
    return bytes.copyWithin(unit * random.int(blocksOf(bytes, unit)), from, from + unit);
  },
  'a block twice': (bytes, work) => {
    const at = work.unit * work.random.int(blocksOf(bytes, work.unit) + 1);
    return join(bytes.subarray(0, at + work.unit), bytes.subarray(at));
  },
  'a block missing': (bytes, work) => {
    const at = work.unit * work.random.int(blocksOf(bytes, work.unit) + 1);
    return join(bytes.subarray(0, at), bytes.subarray(at + work.unit));
  },
  'a number at an edge': (bytes, { random, sample }) => {
    if (sample.fields.length > 0) setExtreme(random, bytes, random.pick(sample.fields));
    return bytes;
  },
  'a word out of place': (bytes, work) => {
    const { words = [] } = work.sample;
    if (words.length === 0) return bytes;
    const word = work.random.pick(words);
    const at = place(work, bytes.length + 1);
    return join(bytes.subarray(0, at), word, bytes.subarray(at + work.random.pick([0, 1, word.length])));
  },
};
const NAMES: readonly string[] = Object.keys(MUTATIONS);
const LINE_NAMES: readonly string[] = Object.keys(LINE_MUTATIONS);

/** Bytes, and what was done to them. */
export interface Mutant {
  readonly bytes: Uint8Array;
  readonly how: readonly string[];
}

/** Damages a copy of `sample` in one to four ways; `other` lends what is spliced in. */
export function mutateBytes(random: FuzzRandom, sample: Sample, other: Sample, unit: number): Mutant {
  const work: Work = { random, sample, other, unit };
  const names = namesFor(sample);
  let bytes: Uint8Array = sample.bytes.slice();
  const how: string[] = [];
  for (let left = random.pick([1, 1, 1, 2, 2, 4]); left > 0; left--) {
    const name = random.pick(names);
    const next = MUTATIONS[name]?.(bytes, work) ?? LINE_MUTATIONS[name]?.(bytes, other.bytes, random) ?? bytes;
    if (next.length > Math.max(LONGEST * Math.max(sample.bytes.length, unit), sample.longest ?? 0)) continue;
    bytes = next;
    how.push(name);
  }
  return { bytes, how };
}

/** Ways to damage a sample, by sample: of what it says of itself depends which apply. */
const APPLICABLE = new WeakMap<Sample, readonly string[]>();

function namesFor(sample: Sample): readonly string[] {
  const known = APPLICABLE.get(sample);
  if (known !== undefined) return known;
  const names = [...NAMES.filter((name) => applies(name, sample)), ...(sample.lines === true ? LINE_NAMES : [])];
  APPLICABLE.set(sample, names);
  return names;
}

function applies(name: string, { fields, words }: Sample): boolean {
  if (name === 'a number at an edge') return fields.length > 0;
  return name !== 'a word out of place' || words !== undefined;
}
