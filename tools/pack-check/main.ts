// Packs every publishable package, installs the tarballs with npm into an empty project, and uses them there.
// Run after `npm run build`: `node tools/pack-check/main.ts [package name ...]`; without names, all of them.
import { mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { manifestProblems, type Publishable, publishables, readManifest } from './manifests.ts';
import { run } from './run.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const BIN = join(ROOT, 'node_modules', '.bin');

/** What building and testing leave behind. */
const UNWANTED = /\.tsbuildinfo$|\.test\.(js|d\.ts)$|\/node_modules\/|^package\/src\//;

let passed = 0;
const failed: string[] = [];

async function check(what: string, problem: () => Promise<string | undefined>): Promise<void> {
  const text = await problem();
  if (text === undefined) passed += 1;
  else failed.push(what);
  process.stdout.write(text === undefined ? `  ok      ${what}\n` : `  FAILED  ${what}\n${text.trimEnd()}\n`);
}

async function command(file: string, args: readonly string[], cwd: string): Promise<string | undefined> {
  const { code, output } = await run(file, args, cwd);
  return code === 0 ? undefined : `${file} ${args.join(' ')}: exit ${code}\n${output}`;
}

async function packAll(packages: readonly Publishable[], into: string): Promise<Map<Publishable, string>> {
  const tarballs = new Map<Publishable, string>();
  for (const pkg of packages) {
    const before = new Set(await readdir(into));
    await check(`pnpm pack ${pkg.name}`, async () => {
      const problem = await command(join(BIN, 'pnpm'), ['pack', '--pack-destination', into], pkg.directory);
      const tarball = (await readdir(into)).find((name) => !before.has(name));
      if (tarball !== undefined) tarballs.set(pkg, join(into, tarball));
      return problem ?? (tarball === undefined ? 'pnpm pack left no tarball' : undefined);
    });
    await check(`${pkg.name}: exports are published`, async () => {
      const problems = manifestProblems(await readManifest(pkg.directory));
      return problems.length > 0 ? problems.join('\n') : undefined;
    });
  }
  return tarballs;
}

async function judgeTarballs(tarballs: ReadonlyMap<Publishable, string>): Promise<void> {
  for (const [pkg, tarball] of tarballs) {
    await check(`contents of ${pkg.name}`, async () => {
      const { code, output } = await run('tar', ['tzf', tarball], ROOT);
      const unwanted = output.split('\n').filter((name) => UNWANTED.test(name));
      return code === 0 && unwanted.length === 0
        ? undefined
        : `exit ${code}, not to be published: ${unwanted.join(' ')}`;
    });
    await check(`publint ${pkg.name}`, () => command(join(BIN, 'publint'), [tarball, '--strict'], ROOT));
    const attw = ['--profile', 'esm-only', '--no-color', '--format', 'ascii', tarball];
    await check(`attw ${pkg.name}`, () => command(join(BIN, 'attw'), attw, ROOT));
  }
}

async function useTarballs(tarballs: ReadonlyMap<Publishable, string>, project: string): Promise<void> {
  await mkdir(project);
  await writeFile(join(project, 'package.json'), '{"name":"empty","version":"1.0.0","private":true,"type":"module"}\n');
  const install = ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...tarballs.values()];
  await check('npm install of all tarballs, without install scripts', () => command('npm', install, project));
  const node = join(BIN, 'node');
  const nodeFolder = join(project, 'pinned-node');
  await mkdir(nodeFolder);
  await symlink(await realpath(node), join(nodeFolder, 'node'));
  for (const pkg of tarballs.keys()) {
    for (const specifier of pkg.specifiers) {
      const script = `await import(${JSON.stringify(specifier)})`;
      await check(`import ${specifier}`, () => command(node, ['--input-type=module', '--eval', script], project));
    }
    for (const name of pkg.commands) {
      await check(`npx ${name} --version`, async () => {
        const { code, output } = await run('npx', ['--no-install', name, '--version'], project, nodeFolder);
        return code === 0 && output.includes(pkg.version)
          ? undefined
          : `exit ${code}, expected ${pkg.version}:\n${output}`;
      });
    }
  }
}

const scratch = await mkdtemp(join(tmpdir(), 'tilewright-pack-'));
try {
  const names = process.argv.slice(2);
  const packages = (await publishables(ROOT)).filter(({ name }) => names.length === 0 || names.includes(name));
  const folder = join(scratch, 'tarballs');
  await mkdir(folder);
  const tarballs = await packAll(packages, folder);
  await judgeTarballs(tarballs);
  await useTarballs(tarballs, join(scratch, 'project'));
} finally {
  await rm(scratch, { recursive: true, force: true });
}
process.stdout.write(`pack check: ${passed} passed, ${failed.length} failed\n`);
process.exitCode = failed.length > 0 ? 1 : 0;
