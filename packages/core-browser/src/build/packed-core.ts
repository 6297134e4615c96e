import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Root of the repository, with a slash at its end. */
export const REPOSITORY: string = fileURLToPath(new URL('../../../../', import.meta.url));

const CORE = join(REPOSITORY, 'packages', 'core');
const BIN = join(REPOSITORY, 'node_modules', '.bin');

/**
 * Compiles `@tilewright/core`, packs it as it would be published, and unpacks it into `node_modules` of an empty project
 * beside its dependencies.
 *
 * @returns the project's directory: the caller removes it with {@link removeProject}
 */
export async function packedCore(): Promise<string> {
  const project = await mkdtemp(join(tmpdir(), 'tilewright-packed-'));
  try {
    // A stage of its own, so that nothing is packed that an earlier build left in `dist`.
    const stage = join(project, 'stage');
    await mkdir(stage);
    await run('tsc', ['-p', CORE, '--outDir', join(stage, 'dist'), '--tsBuildInfoFile', join(stage, '.tsbuildinfo')]);
    for (const file of ['package.json', 'README.md']) await cp(join(CORE, file), join(stage, file));
    await run('pnpm', ['pack', '--out', join(project, 'core.tgz')], stage);
    const installed = join(project, 'node_modules', '@tilewright', 'core');
    await mkdir(installed, { recursive: true });
    await promisify(execFile)('tar', ['xzf', join(project, 'core.tgz'), '-C', installed, '--strip-components=1']);
    await linkDependencies(installed, project);
    return project;
  } catch (error) {
    await removeProject(project);
    throw error;
  }
}

/** Removes what {@link packedCore} made. */
export async function removeProject(project: string): Promise<void> {
  await rm(project, { recursive: true, force: true });
}

async function linkDependencies(installed: string, project: string): Promise<void> {
  const manifest: { dependencies: Record<string, string> } = JSON.parse(
    await readFile(join(installed, 'package.json'), 'utf8'),
  );
  for (const name of Object.keys(manifest.dependencies)) {
    const link = join(project, 'node_modules', name);
    await mkdir(join(link, '..'), { recursive: true });
    await symlink(join(CORE, 'node_modules', name), link);
  }
}

async function run(command: string, args: readonly string[], cwd: string = REPOSITORY): Promise<void> {
  try {
    await promisify(execFile)(join(BIN, command), args, { cwd });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { readonly stdout?: string; readonly stderr?: string };
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
  }
}
