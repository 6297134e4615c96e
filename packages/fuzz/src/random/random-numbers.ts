/** A generator of reproducible numbers in [0, 1), 32 bits each: sfc32, whose state is four words. Seeds 0 to 2^53 - 1. */
export function randomNumbers(seed: number): () => number {
  let a = (seed % 2 ** 32) | 0;
  let b = Math.floor(seed / 2 ** 32) | 0;
  let c = 0x9e3779b9 | 0;
  let counter = 1;
  const next = (): number => {
    const out = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + out) | 0;
    return (out >>> 0) / 2 ** 32;
  };
  // Neighbouring seeds begin alike: what they draw first is thrown away.
  for (let i = 0; i < 12; i++) next();
  return next;
}
