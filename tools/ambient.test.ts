// The rule that no ambient time, randomness or file system is in the log and its drivers: that it bites, and that today's
// sources keep it. The rule itself is in biome.json and tools/lint/no-ambient.grit.
import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const BIOME = join(ROOT, 'node_modules/@biomejs/biome/bin/biome');
const AREAS = ['packages/core/src', 'packages/log/src', 'packages/store-posix/src', 'packages/store-memory/src'];
const RULES = [
  'plugin',
  'lint/style/noRestrictedGlobals',
  'lint/style/noRestrictedImports',
  'lint/style/useNodejsImportProtocol',
];

/** What no file of the log or of a driver may say, in any of its forms. */
const REFUSED = [
  'export const x = Math.random();',
  'export const x = Math?.random();',
  'export const x = [Math.random];',
  "export const x = Math['random']();",
  'export const { random } = Math;',
  'export const x = Math;',
  'export const x = crypto.randomUUID();',
  'export const x = crypto.getRandomValues(new Uint8Array(1));',
  'export const x = globalThis.crypto.randomUUID();',
  "import { randomBytes } from 'node:crypto'; export const x = randomBytes;",
  "import { randomUUID as hash } from 'node:crypto'; export const x = hash;",
  "import { getRandomValues } from 'node:crypto'; export const x = getRandomValues;",
  "import { webcrypto } from 'node:crypto'; export const x = webcrypto;",
  "import crypto from 'node:crypto'; export const x = crypto;",
  "import * as c from 'node:crypto'; export const x = c;",
  "export { randomInt } from 'node:crypto';",
  'export const x = Date.now();',
  'export const x = new Date();',
  'export const x = performance.now();',
  'export const x = globalThis.performance.now();',
  'export const x = new Event("x").timeStamp;',
  'export const x = new Intl.DateTimeFormat().format();',
  'export const x = setTimeout(() => {}, 1);',
  'export const x = setInterval(() => {}, 1);',
  'export const x = setImmediate(() => {});',
  'queueMicrotask(() => {});',
  'export const x = scheduler.wait(1);',
  'export const x = AbortSignal.timeout(1);',
  "export const x = AbortSignal['timeout'](1);",
  'export const { timeout } = AbortSignal;',
  'export const x = Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);',
  "import { setTimeout as later } from 'node:timers/promises'; export const x = later;",
  "import { setTimeout } from 'node:timers'; export const x = setTimeout;",
  "import { performance } from 'node:perf_hooks'; export const x = performance;",
  'export const x = process.hrtime.bigint();',
  "import { hrtime } from 'node:process'; export const x = hrtime;",
  "export const x = process.getBuiltinModule('node:fs');",
  "import { createRequire } from 'node:module'; export const x = createRequire;",
  "export const x = require('node:fs');",
  "export const x = import('node:fs');",
  "const name = ['node', 'fs'].join(':'); export const x = import(name);",
  'export const x = import.meta.dirname;',
  "import fs from 'node:fs'; export const x = fs;",
  "import fs from 'fs'; export const x = fs;",
  "import { readFile } from 'node:fs/promises'; export const x = readFile;",
  "import { DatabaseSync } from 'node:sqlite'; export const x = DatabaseSync;",
  "import { spawn } from 'node:child_process'; export const x = spawn;",
  "import { Worker } from 'node:worker_threads'; export const x = Worker;",
  "import { hostname } from 'node:os'; export const x = hostname;",
  "export const x = new Function('return this')();",
  "export const x = (() => {}).constructor('return this')();",
  'export const x = new WeakRef({}).deref();',
  'export const x = await fetch("http://127.0.0.1");',
  'console.log("x");',
  "import { realClock } from '@tilewright/log/testing'; export const x = realClock;",
  "import { realClock } from '../testing/real-world.ts'; export const x = realClock;",
];

const ALLOWED = [
  "import { createHash, hash } from 'node:crypto'; export const x = [createHash, hash];",
  'export const x = [Math.floor(1.5), [1].map(Math.abs)];',
  'export const x = AbortSignal.any([new AbortController().signal]);',
  'export const x = structuredClone({});',
  'export function x(process: { end(): void }, signal: AbortSignal): void { if (signal.aborted) process.end(); }',
];

const NODE_FS = "import fs from 'node:fs'; export const x = fs;";
const NODE_SQLITE = "import { DatabaseSync } from 'node:sqlite'; export const x = DatabaseSync;";
const NODE_PID = "import { pid } from 'node:process'; export const x = pid;";
const NODE_HRTIME = "import { hrtime } from 'node:process'; export const x = hrtime;";

/** The only files that reach the machine, and what each may and may not take from it. */
const PLACES: readonly [file: string, source: string, isRefused: boolean][] = [
  ['packages/store-posix/src/fs/x.ts', NODE_FS, false],
  ['packages/store-posix/src/fs/x1.ts', NODE_SQLITE, true],
  ['packages/store-posix/src/fs/x2.ts', NODE_PID, true],
  ['packages/store-posix/src/fs/x3.ts', 'export const x = Math.random();', true],
  ['packages/store-posix/src/fs/node-fs.ts', `${NODE_PID}\n${NODE_FS.replaceAll('x', 'y')}`, false],
  ['packages/store-posix/src/fs/deeper/node-fs.ts', NODE_HRTIME, true],
  ['packages/store-posix/src/fs/sqlite-lock.ts', NODE_SQLITE, false],
  ['packages/store-posix/src/dedupe/leaf-database.ts', NODE_SQLITE, false],
  ['packages/store-posix/src/dedupe/dedupe-file.ts', NODE_FS, false],
  ['packages/store-posix/src/dedupe/x.ts', NODE_FS, true],
  ['packages/store-posix/src/dedupe/x1.ts', NODE_SQLITE, true],
  ['packages/store-posix/src/segment/x.ts', NODE_FS, true],
  ['packages/store-posix/src/testing/x.ts', 'export const x = Math.random();', true],
  ['packages/store-memory/src/x.ts', NODE_FS, true],
  ['packages/core/src/tiles/x.ts', 'export const x = Math.random();', true],
  ['packages/core/src/tiles/x1.ts', 'export const x = crypto;', true],
  ['packages/log/src/stages/x.test.ts', 'export const x = Math.random();', false],
  ['packages/log/src/testing/x.ts', 'export const x = Math.random();', false],
];

interface Report {
  readonly diagnostics: readonly {
    readonly category: string;
    readonly severity: string;
    readonly location: { readonly path: string };
  }[];
}

/** Paths of the files in which the rule finds something. */
function refusedIn(cwd: string): Set<string> {
  const args = ['lint', '--reporter=json', '--max-diagnostics=none', 'packages'];
  const { stdout, stderr } = spawnSync(process.execPath, [BIOME, ...args], { cwd, encoding: 'utf8' });
  if (!stdout.startsWith('{')) throw new Error(`biome said: ${stderr}`);
  const { diagnostics }: Report = JSON.parse(stdout);
  const found = diagnostics.filter(({ category, severity }) => severity === 'error' && RULES.includes(category));
  return new Set(found.map(({ location }) => location.path));
}

const planted = new Map<string, { readonly source: string; readonly isRefused: boolean }>([
  ...REFUSED.map((source, i) => [`packages/log/src/stages/refused-${i}.ts`, { source, isRefused: true }] as const),
  ...ALLOWED.map((source, i) => [`packages/log/src/stages/allowed-${i}.ts`, { source, isRefused: false }] as const),
  ...PLACES.map(([file, source, isRefused]) => [file, { source, isRefused }] as const),
]);

/** A folder with the project's rules and nothing else: in the project itself, Biome first reads all of it. */
function ruled(): string {
  const directory = mkdtempSync(join(tmpdir(), 'tilewright-ambient-'));
  directories.push(directory);
  const config = JSON.parse(readFileSync(join(ROOT, 'biome.json'), 'utf8'));
  writeFileSync(join(directory, 'biome.json'), JSON.stringify({ ...config, vcs: { enabled: false } }));
  cpSync(join(ROOT, 'tools/lint'), join(directory, 'tools/lint'), { recursive: true });
  return directory;
}

const directories: string[] = [];
let refused: ReadonlySet<string> = new Set();
beforeAll(() => {
  const directory = ruled();
  for (const [file, { source }] of planted) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), `${source}\n`);
  }
  refused = refusedIn(directory);
}, 60_000);
afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

test.each(
  [...planted].map(
    ([file, { source, isRefused }]) => [isRefused ? 'refused' : 'allowed', source, file, isRefused] as const,
  ),
)('%s: %s in %s', (_, __, file, isRefused) => {
  expect(refused.has(file)).toBe(isRefused);
});

test("today's sources keep the rule", { timeout: 60_000 }, () => {
  const directory = ruled();
  for (const area of AREAS) cpSync(join(ROOT, area), join(directory, area), { recursive: true });
  // One that does not, to see that they were read at all.
  const planted = 'packages/store-posix/src/recovery/planted.ts';
  writeFileSync(join(directory, planted), 'export const x = Math.random();\n');
  expect([...refusedIn(directory)]).toEqual([planted]);
});

test('it is suspended in one place, which reads no clock', () => {
  const sources = AREAS.flatMap((area) => globSync(`${area}/**/*.ts`, { cwd: ROOT }));
  expect(sources.length).toBeGreaterThan(200);
  const suspended = sources.filter((file) => readFileSync(join(ROOT, file), 'utf8').includes('biome-ignore'));
  expect(suspended).toEqual(['packages/store-posix/src/directory/iso-time.ts']);
});
