import type { TestProject } from 'vitest/node';
import { packedCore, removeProject } from './packed-core.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where the packed package is installed: see `packedCore`. */
    readonly project: string;
  }
}

/** Packs `@tilewright/core` once for all test files; afterwards it is removed. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const project = await packedCore();
  provide('project', project);
  return () => removeProject(project);
}
