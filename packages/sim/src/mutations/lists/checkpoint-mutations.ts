// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is the source text of other files.
import type { Mutation } from '../mutation.ts';

const CHECKPOINT = 'packages/store-posix/src/checkpoint/posix-checkpoint-store.ts';
const STORED = 'packages/store-posix/src/checkpoint/stored-checkpoint.ts';
const POOL = 'packages/store-posix/src/checkpoint/inode-pool.ts';

/** The checkpoint of the POSIX driver: replaced whole, by compare-and-set, never backwards. */
export const CHECKPOINT_MUTATIONS: readonly Mutation[] = [
  {
    name: 'checkpoint-any-version',
    file: CHECKPOINT,
    find: "      if ((stored?.version ?? 'absent') !== expected) return 'lost';\n",
    replace: '',
    breaks: ['P3', 'H5'],
    world: 'test',
    test: 'packages/sim/src/mutations/stories/posix-contracts.test.ts',
  },
  {
    name: 'checkpoint-backwards',
    file: STORED,
    find: '  if (next.size > stored.size || (next.size === stored.size',
    replace: '  if (next.size !== stored.size || (next.size === stored.size',
    breaks: ['P3', 'H5'],
    world: 'test',
    test: 'packages/sim/src/mutations/stories/posix-contracts.test.ts',
  },
  {
    name: 'checkpoint-another-root',
    file: STORED,
    find: ' && equalBytes(next.root, stored.root))) return;',
    replace: ' && equalBytes(next.root, next.root))) return;',
    breaks: ['P3', 'P4'],
    world: 'test',
    test: 'packages/sim/src/mutations/stories/posix-contracts.test.ts',
  },
  {
    name: 'checkpoint-own-bytes-lost',
    file: CHECKPOINT,
    find: '      if (stored !== undefined && equalBytes(stored.note, note)) return stored.version;\n',
    replace: '',
    breaks: ['P9'],
    world: 'test',
    test: 'packages/sim/src/mutations/stories/posix-contracts.test.ts',
  },
  {
    name: 'checkpoint-not-one-at-a-time',
    file: CHECKPOINT,
    find: '    return this.#replacements.run(async () => {',
    replace: '    return Promise.resolve().then(async () => {',
    breaks: ['P3', 'H5'],
    world: 'test',
    test: 'packages/sim/src/mutations/stories/posix-contracts.test.ts',
  },
  {
    name: 'checkpoint-without-the-lock',
    file: CHECKPOINT,
    find: '      await guard.check();\n',
    replace: '',
    breaks: ['P3', 'H5'],
    world: 'test',
    test: 'packages/sim/src/mutations/stories/posix-lock.test.ts',
  },
  {
    name: 'checkpoint-after-a-failure',
    file: CHECKPOINT,
    find: '      latch.check();\n',
    replace: '      latch.constructor;\n',
    breaks: ['P9'],
    world: 'test',
    test: 'packages/sim/src/mutations/stories/posix-sequence.test.ts',
  },
  {
    name: 'checkpoint-written-in-place',
    file: CHECKPOINT,
    find: '      name = await pool.take();\n',
    replace: '      name = this.#current ?? (await pool.take());\n',
    breaks: ['P3', 'H5'],
    world: 'machine',
  },
  {
    name: 'checkpoint-named-before-durable',
    file: CHECKPOINT,
    find: '      await this.#write(pool.path(name), note);\n      await fs.link(pool.path(name), temp);\n',
    replace: '      await fs.link(pool.path(name), temp);\n',
    also: {
      find: '      await fs.rename(temp, `${root}/${LAYOUT.checkpoint}`);\n',
      replace:
        '      await fs.rename(temp, `${root}/${LAYOUT.checkpoint}`);\n      await this.#write(pool.path(name), note);\n',
    },
    breaks: ['P3', 'H5'],
    world: 'machine',
  },
  {
    name: 'checkpoint-of-a-longer-one-before',
    file: CHECKPOINT,
    find: '      if ((await file.stat()).size !== note.length) await file.truncate(note.length);\n',
    replace: '',
    breaks: ['P3'],
    world: 'test',
    test: 'packages/sim/src/mutations/stories/posix-checkpoint.test.ts',
  },
  {
    name: 'checkpoint-failed-rename-tried-again',
    file: CHECKPOINT,
    find: "    await latch.mustSucceed('store the checkpoint', LAYOUT.checkpoint, async () => {",
    replace: '    await Promise.resolve().then(async () => {',
    breaks: ['P9'],
    world: 'machine',
  },
  {
    name: 'checkpoint-file-of-the-one-that-is-shown',
    file: POOL,
    find: '      if (stat.inode === current || !NUMBER.test(name)) await',
    replace: '      if (!NUMBER.test(name)) await',
    breaks: ['P3', 'H5'],
    world: 'test',
    test: 'packages/sim/src/mutations/stories/posix-checkpoint.test.ts',
  },
  {
    name: 'checkpoint-file-not-rested',
    file: POOL,
    find: 'this.#clock.monotonicMs() - oldest.sinceMs >= REST_MS',
    replace: 'this.#clock.monotonicMs() >= oldest.sinceMs',
    breaks: ['P3'],
    world: 'test',
    test: 'packages/sim/src/mutations/stories/posix-checkpoint.test.ts',
  },
];
