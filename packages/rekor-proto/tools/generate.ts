// Generates src/gen from proto: `node tools/generate.ts [output folder]`. Works offline: both binaries come from npm.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const packageDir = dirname(import.meta.dirname);
const require = createRequire(import.meta.url);

/** The executable that an npm package of this workspace declares under `bin`. */
function binaryOf(packageName: string, name: string): string {
  const manifest = require.resolve(`${packageName}/package.json`);
  const bin = (require(manifest) as { bin: Record<string, string> }).bin[name];
  if (bin === undefined) throw new Error(`${packageName} has no executable ${name}: install the workspace again`);
  return join(dirname(manifest), bin);
}

/** Writes the TypeScript of every file under `proto` to `outDir`, replacing what is there. */
export function generate(outDir: string): void {
  rmSync(outDir, { recursive: true, force: true });
  const template = {
    version: 'v2',
    plugins: [
      {
        local: [process.execPath, binaryOf('@bufbuild/protoc-gen-es', 'protoc-gen-es')],
        out: outDir,
        // Node runs the output as it is: `.ts` imports and no `enum` declarations.
        opt: ['target=ts', 'import_extension=ts', 'erasable_syntax=true'],
      },
    ],
  };
  execFileSync(
    process.execPath,
    [binaryOf('@bufbuild/buf', 'buf'), 'generate', 'proto', '--template', JSON.stringify(template)],
    { cwd: packageDir, stdio: 'inherit' },
  );
}

if (import.meta.main) generate(process.argv[2] ?? join(packageDir, 'src', 'gen'));
