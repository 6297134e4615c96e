import { fileURLToPath } from 'node:url';
import { startVitest, type TestModule } from 'vitest/node';
import { type Mutation, mutate } from '../mutation.ts';
import { REPOSITORY } from './repository.ts';

/** Runs the tests in `file` with the mutation in the code. The first test that fails, with what it said; or nothing. */
export async function failureIn(file: string, mutation: Mutation | undefined): Promise<string | undefined> {
  const target = mutation && fileURLToPath(new URL(mutation.file, REPOSITORY));
  let loaded = mutation === undefined;
  const plugin = {
    name: 'mutation',
    enforce: 'pre' as const,
    transform(code: string, id: string): string | undefined {
      if (mutation === undefined || id !== target) return undefined;
      loaded = true;
      return mutate(code, mutation);
    },
  };
  const path = fileURLToPath(new URL(file, REPOSITORY));
  const root = path.slice(0, path.indexOf('/src/'));
  // Without its cache: what is mutated here must not be found by the next run of the tests.
  const vitest = await startVitest(
    'test',
    [path],
    { root, config: false, watch: false, reporters: [{}], bail: 1, testTimeout: 20_000, fsModuleCache: false },
    { plugins: [plugin] },
  );
  try {
    const modules = vitest.state.getTestModules();
    if (modules.length === 0) throw new Error(`${file} holds no tests`);
    const failure = modules.map(firstFailure).find((found) => found !== undefined);
    if (failure === undefined && !loaded) throw new Error(`${mutation?.name}: ${file} does not load what it changes`);
    return failure;
  } finally {
    await vitest.close();
    // Vitest takes a failed test for the failure of this process.
    process.exitCode = 0;
  }
}

function firstFailure(module: TestModule): string | undefined {
  for (const test of module.children.allTests('failed')) {
    const { errors = [] } = test.result();
    return `${test.fullName}: ${errors[0]?.message ?? 'it failed'}`;
  }
  if (module.ok()) return undefined;
  const why = module.errors()[0]?.message ?? 'it cannot be loaded';
  if (/cannot find|failed to (load|resolve)|mend the list/i.test(why)) throw new Error(`${module.moduleId}: ${why}`);
  return why;
}
