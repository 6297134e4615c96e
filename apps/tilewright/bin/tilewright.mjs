#!/usr/bin/env -S node --max-semi-space-size=16
// The nursery: an entry lives for milliseconds, and with more room than this the same garbage fills 80 MiB more memory.
// Plain JavaScript, so that an old Node.js can still say what is wrong.
import { existsSync } from 'node:fs';

if (Number.parseInt(process.versions.node, 10) < 24) {
  process.stderr.write(
    `error: tilewright needs Node.js 24 or newer, this is ${process.version}.\n` +
      'In a clone, run it as "npx tilewright" (after "npm start" or "npm test"): that uses the Node.js the project brings along.\n',
  );
  process.exit(2);
}

// In a clone the source runs as it is; the published package holds the compiled form only.
const source = new URL('../src/cli/program.ts', import.meta.url);
const { program } = await import(
  existsSync(source) ? source.href : new URL('../dist/cli/program.js', import.meta.url).href
);
await program(process.argv.slice(2));
