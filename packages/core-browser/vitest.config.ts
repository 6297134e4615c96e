import { defineProject } from 'vitest/config';

export default defineProject({ test: { globalSetup: ['src/build/pack-once.ts'] } });
