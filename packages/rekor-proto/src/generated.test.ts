import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { generate } from '../tools/generate.ts';

function contents(dir: string): Record<string, string> {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(paths.map((path) => [path.slice(dir.length + 1), readFileSync(path, 'utf8')]));
}

test('src/gen is what the .proto files generate', () => {
  const temporary = mkdtempSync(join(tmpdir(), 'rekor-proto-'));
  try {
    const fresh = join(temporary, 'gen');
    generate(fresh);
    const committed = contents(join(import.meta.dirname, 'gen'));
    expect(Object.keys(committed).length).toBeGreaterThan(10);
    expect(contents(fresh), 'run: node packages/rekor-proto/tools/generate.ts').toEqual(committed);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}, 60_000);
