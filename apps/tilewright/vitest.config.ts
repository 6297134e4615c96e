import { defineConfig } from 'vitest/config';

// Tests of whole processes: a busy machine takes its time.
export default defineConfig({ test: { testTimeout: 60_000 } });
