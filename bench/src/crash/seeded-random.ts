/** Numbers from 0 up to 1 that depend on the seed alone (a linear congruential generator modulo 2^32, Numerical Recipes). */
export function seededRandom(seed: number): () => number {
  let state = seed % 2 ** 32;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}
