import { environmentName, type FlagTable } from './flag-table.ts';
import { didYouMean } from './nearest.ts';

/** Texts by flag that the environment gives, and warnings about variables that mean nothing. */
export interface EnvironmentFlags {
  readonly given: ReadonlyMap<string, readonly string[]>;
  readonly warnings: readonly string[];
}

/** Not a flag: makes the test suites fail, instead of skip, when a server that they need is missing. */
const NOT_FLAGS = new Set(['TILEWRIGHT_REQUIRE_ALL']);

/**
 * Reads the `TILEWRIGHT_*` variables. An empty one is unset. An unknown one is a warning, not an error:
 * Kubernetes adds variables of this shape to the pods of a Service called tilewright.
 */
export function readEnvironment(table: FlagTable, env: Readonly<Record<string, string | undefined>>): EnvironmentFlags {
  const given = new Map<string, readonly string[]>();
  for (const flag of Object.keys(table)) {
    const text = env[environmentName(flag)];
    if (text !== undefined && text !== '') given.set(flag, [text]);
  }
  const known = new Set(Object.keys(table).map(environmentName));
  const unknown = Object.keys(env).filter((n) => n.startsWith('TILEWRIGHT_') && !known.has(n) && !NOT_FLAGS.has(n));
  const warnings = unknown
    .sort()
    .map((name) => `the environment variable ${name} is unknown${didYouMean(name, known)}`);
  return { given, warnings };
}
