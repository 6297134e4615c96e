/** Milliseconds of each unit of `Grpc-Timeout`. */
const UNIT_MS: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 1e-3, n: 1e-6 };

const MAX_INT64 = 2n ** 63n - 1n;

/**
 * Milliseconds that a `Grpc-Timeout` header grants; `undefined` for none. As in grpc-gateway: a decimal with optional sign
 * and one unit letter; empty and zero mean no limit; below zero, and beyond what 64 bits of nanoseconds hold, means already
 * over. 'bad' for anything else.
 */
export function parseGrpcTimeout(header: string | undefined): number | undefined | 'bad' {
  if (header === undefined || header === '') return undefined;
  const unitMs = UNIT_MS[header.slice(-1)];
  const digits = header.slice(0, -1);
  if (unitMs === undefined || !/^[+-]?[0-9]+$/.test(digits)) return 'bad';
  const count = BigInt(digits.startsWith('+') ? digits.slice(1) : digits);
  if (count > MAX_INT64 || count < -MAX_INT64 - 1n) return 'bad';
  const ms = Number(count) * unitMs;
  if (ms === 0) return undefined;
  return ms < 0 || ms * 1e6 > Number(MAX_INT64) ? 0 : ms;
}
