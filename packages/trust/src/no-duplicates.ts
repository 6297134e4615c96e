import { TrustError } from './trust-error.ts';

/** @throws TrustError `duplicate` naming the second of two equal items of a list */
export function requireNoDuplicates(identities: readonly string[], listPath: string, what: string): void {
  const seen = new Map<string, number>();
  for (const [index, identity] of identities.entries()) {
    const first = seen.get(identity);
    if (first !== undefined) {
      throw new TrustError('duplicate', `${listPath}[${index}]`, `same ${what} as ${listPath}[${first}]`);
    }
    seen.set(identity, index);
  }
}
