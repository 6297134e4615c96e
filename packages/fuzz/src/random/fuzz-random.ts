import { randomNumbers } from './random-numbers.ts';

/** Reproducible draws for one input of one target: nothing that was drawn for another input has a part in them. */
export class FuzzRandom {
  readonly #next: () => number;

  /** The draws of input `input` (0 to 2^32 - 1) of a target, in the run with this seed. */
  constructor(seed: number, target: string, input: number) {
    this.#next = randomNumbers((input % 2 ** 32) + 2 ** 32 * (digest(`${seed} ${target}`) % 2 ** 21));
  }

  /** An integer from 0 up to, without, `below`; 0 when there is none. */
  int(below: number): number {
    return Math.floor(this.#next() * Math.max(below, 1));
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.#next() < probability;
  }

  /** One of the options, which are at least one. */
  pick<T>(options: readonly T[]): T {
    const [first] = options;
    if (first === undefined) throw new RangeError('there is nothing to pick from');
    return options[this.int(options.length)] ?? first;
  }

  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    const view = new DataView(bytes.buffer);
    let at = 0;
    for (; at + 4 <= length; at += 4) view.setUint32(at, this.int(2 ** 32));
    for (; at < length; at++) bytes[at] = this.int(256);
    return bytes;
  }
}

/** FNV-1a: tells seeds and names apart. */
function digest(text: string): number {
  let sum = 0x811c9dc5;
  for (const character of text) sum = Math.imul(sum ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return sum;
}
