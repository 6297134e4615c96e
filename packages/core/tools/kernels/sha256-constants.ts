// The constants of SHA-256 (FIPS 180-4, sections 4.2.2 and 5.3.3), computed from what they are: the first 32 bits of the
// fractional parts of roots of the first primes.

/** Rotations and shifts of the functions Σ0, Σ1, σ0 and σ1 (FIPS 180-4, section 4.1.2); the last of a σ is a shift. */
export const SIGMA = {
  big0: [2, 13, 22],
  big1: [6, 11, 25],
  small0: [7, 18, 3],
  small1: [17, 19, 10],
} as const;

/** Names of the working variables. */
export const WORKING: readonly string[] = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

/** The 64 constants K of the rounds: cube roots. As signed 32-bit numbers. */
export function roundConstants(): number[] {
  return primes(64).map((prime) => rootFraction(prime, 3n));
}

/** The 8 words of the initial hash value: square roots. As signed 32-bit numbers. */
export function initialState(): number[] {
  return primes(8).map((prime) => rootFraction(prime, 2n));
}

function primes(count: number): number[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) {
    if (found.every((prime) => n % prime !== 0)) found.push(n);
  }
  return found;
}

/** floor(n^(1/degree) · 2^32) mod 2^32, by bisection. */
function rootFraction(n: number, degree: bigint): number {
  const target = BigInt(n) << (32n * degree);
  let low = 0n;
  let high = 1n << 37n;
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (middle ** degree <= target) low = middle;
    else high = middle;
  }
  return Number(BigInt.asIntN(32, low));
}
