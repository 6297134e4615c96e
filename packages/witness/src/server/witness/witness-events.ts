import type { WitnessError } from '../../witness-error.ts';
import type { Conflict } from './decide.ts';

/** Something that the operator of a witness may want to know. */
export type WitnessEvent =
  | {
      readonly type: 'cosigned';
      readonly origin: string;
      readonly size: number;
      /** Seconds since 1970. */
      readonly timestamp: number;
      /** Whether nothing of this log was cosigned before. */
      readonly isFirst: boolean;
    }
  | { readonly type: 'refused'; readonly endpoint: string; readonly status: number; readonly reason: string }
  /** A log signed two trees of one size. Told once for each other tree. */
  | ({ readonly type: 'conflict' } & Conflict)
  /** Nothing was signed, because nothing could be stored. */
  | { readonly type: 'not-stored'; readonly error: WitnessError }
  /** A key does not sign, or something that no answer foresees. */
  | { readonly type: 'failed'; readonly error: unknown };

/** Takes the events of a witness. It does not throw. */
export interface WitnessEvents {
  emit(event: WitnessEvent): void;
}
