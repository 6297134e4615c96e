import type { OpenedCheckpoint } from '@tilewright/core/checkpoint';
import type { TilePath } from '@tilewright/core/tiles';

/** The first place where two copies of a log differ. */
export interface MirrorDifference {
  /** Of the object, as wide as it is in the smaller of the two trees; `checkpoint` for a fork. */
  readonly path: TilePath | 'checkpoint';
  readonly what: string;
  /** The first byte that differs; the length of the shorter one where it is only cut off. */
  readonly offset?: number | undefined;
  /** Bytes of the object in each copy; absent where there is none. */
  readonly sizes?: { readonly a?: number | undefined; readonly b?: number | undefined } | undefined;
  /** Which copy is not the one that the log signed, as far as the tiles of one of them prove it. */
  readonly wrong: 'a' | 'b' | 'both' | 'unknown';
}

/** What a comparison of two copies found. */
export interface MirrorReport {
  readonly equal: boolean;
  /** The verified checkpoints. */
  readonly a: OpenedCheckpoint;
  readonly b: OpenedCheckpoint;
  /** The smaller of the two sizes: up to it everything was compared, unless there is a difference. */
  readonly size: number;
  /** Objects that are equal. */
  readonly compared: { readonly entries: number; readonly bundles: number; readonly tiles: number };
  readonly difference?: MirrorDifference;
}

/** How two copies are compared. */
export interface MirrorOptions {
  /** Told after each bundle. */
  readonly progress?: ((progress: { readonly entriesDone: number; readonly entriesTotal: number }) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Objects of each copy read at a time; 8 when absent. Each can take 16 MiB of memory, twice. */
  readonly parallel?: number | undefined;
}
