import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: ['packages/*', 'apps/*', 'bench', 'docs', 'tools'],
    // Many tests wait for servers of their own: on two cores one worker would leave the other core idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
});
