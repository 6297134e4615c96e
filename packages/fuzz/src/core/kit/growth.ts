import { CoreError } from '@tilewright/core/error';
import type { GrowthCase } from '../../growth/growth-case.ts';

/** A family of inputs for a decoder that may refuse them; whatever else it throws ends the measurement. */
export function refusing<T>(
  name: string,
  most: number,
  input: (size: number) => T,
  decode: (input: T) => unknown,
): GrowthCase {
  return {
    name,
    most,
    make(size) {
      const made = input(size);
      return () => {
        try {
          return decode(made);
        } catch (error) {
          if (error instanceof CoreError) return undefined;
          throw error;
        }
      };
    },
  };
}
