import { serviceFlags } from './service-flags.ts';

/** Every algorithm name that sigstore knows; the ones that a Rekor v2 log takes are the flag's default. */
const KNOWN = new Set<string>([
  ...serviceFlags['client-signing-algorithms'].default,
  'ecdsa-sha2-256-nistp384',
  'ecdsa-sha2-256-nistp521',
  'ed25519',
  'rsa-sign-pss-2048-sha256',
  'rsa-sign-pss-3072-sha256',
  'rsa-sign-pss-4096-sha256',
]);

/** The first thing wrong with `--client-signing-algorithms`, in rekor-tiles' words (rekor-api 1.3), or `undefined`. */
export function algorithmsProblem(names: readonly string[]): string | undefined {
  if (names.length === 0) return '--client-signing-algorithms must name at least one algorithm';
  const unknown = names.find((name) => !KNOWN.has(name));
  if (unknown !== undefined) {
    return `parsing signature algorithm flag: could not find matching signature algorithm for flag: ${unknown.slice(0, 80)}`;
  }
  const allowed: readonly string[] = serviceFlags['client-signing-algorithms'].default;
  const refused = names.find((name) => !allowed.includes(name));
  return refused === undefined ? undefined : `algorithm ${refused} is not in the allowed set`;
}
