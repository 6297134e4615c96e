import { BrokenRule } from '../../run/broken-rule.ts';

/**
 * An input of so many bytes, or characters, of which nothing can be looked at but how many they are. A decoder refuses
 * what is beyond its cap before it reads, copies or makes room for any of it.
 */
export function sealedInput(length: number): Uint8Array & string {
  const guard = new Proxy(new Uint8Array(0), {
    get(_, key) {
      if (key === 'length' || key === 'byteLength') return length;
      throw new BrokenRule(`of an input of ${length}, which is beyond the cap, '${String(key)}' was asked for`);
    },
  });
  // A decoder of text asks a string for its length no differently.
  return guard as unknown as Uint8Array & string;
}
