import type { Io } from './io.ts';

/** A fact that a command prints. */
export type Fact = string | number | boolean | null | readonly Fact[] | { readonly [name: string]: Fact };

/** Prints facts: one JSON object, or one `Name: value` a line for those that have a name to show. */
export function printFacts(
  io: Io,
  json: boolean,
  facts: { readonly [name: string]: Fact },
  shown: Readonly<Record<string, string>>,
): void {
  if (json) {
    io.out(JSON.stringify(facts));
    return;
  }
  const width = Math.max(...Object.values(shown).map((name) => name.length));
  for (const [key, name] of Object.entries(shown)) {
    const value = facts[key];
    if (value === undefined || value === null) continue;
    io.out(`${`${name}:`.padEnd(width + 1)} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`);
  }
}

/** The flag of every command that prints facts. */
export const jsonFlag = { json: { type: 'bool', default: false, help: 'Print one JSON object.' } } as const;
