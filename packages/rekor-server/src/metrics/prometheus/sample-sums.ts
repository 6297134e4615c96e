import type { Sample } from './metric.ts';

/** A sample of a family, by name: what one thread has counted, for another to add up. */
export interface FamilySample extends Sample {
  readonly name: string;
  /** A count, which stays when the thread that counted is gone; else what is only so at the moment. */
  readonly lasts: boolean;
}

/** Samples of one family by suffix and labels. */
export type Sums = ReadonlyMap<string, FamilySample>;

/** The key of a sample within its family. */
export function sampleKey({ suffix, labels }: Sample): string {
  return `${suffix} ${labels}`;
}

/** Samples of several threads, added up by name, suffix and labels: one for each, however many are added. */
export class SampleSums {
  readonly #families = new Map<string, Map<string, FamilySample & { value: number }>>();

  /** Adds to what is there. */
  add(samples: Iterable<FamilySample>): void {
    for (const sample of samples) {
      let family = this.#families.get(sample.name);
      if (family === undefined) {
        family = new Map();
        this.#families.set(sample.name, family);
      }
      const key = sampleKey(sample);
      const sum = family.get(key);
      if (sum === undefined) family.set(key, { ...sample });
      else sum.value += sample.value;
    }
  }

  /** The sums of one family, in the order in which they came. */
  family(name: string): Sums | undefined {
    return this.#families.get(name);
  }

  *[Symbol.iterator](): Iterator<FamilySample> {
    for (const family of this.#families.values()) yield* family.values();
  }
}
