import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A package that would be published. */
export interface Publishable {
  readonly name: string;
  readonly version: string;
  readonly directory: string;
  /** Import specifiers that the published manifest exports: `name` and `name/subpath`. */
  readonly specifiers: readonly string[];
  readonly commands: readonly string[];
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly publishConfig?: {
    readonly exports?: Readonly<Record<string, unknown>>;
    readonly bin?: Readonly<Record<string, string>>;
  };
}

/** Every package below packages/ and apps/ that is not private. */
export async function publishables(root: string): Promise<Publishable[]> {
  const found: Publishable[] = [];
  for (const group of ['packages', 'apps']) {
    const names = await readdir(join(root, group), { withFileTypes: true });
    for (const entry of names.filter((name) => name.isDirectory())) {
      const directory = join(root, group, entry.name);
      const manifest = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8')) as Manifest;
      if (manifest.private !== true) found.push(describe(manifest, directory));
    }
  }
  return found;
}

/** Problems of a manifest that only show once it is published. */
export function manifestProblems(manifest: Manifest): string[] {
  const source = Object.keys(manifest.exports ?? {})
    .sort()
    .join(' ');
  const published = Object.keys(manifest.publishConfig?.exports ?? {})
    .sort()
    .join(' ');
  return source === published ? [] : [`exports (${source}) and publishConfig.exports (${published}) differ`];
}

/** Reads a package's own manifest. */
export async function readManifest(directory: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(directory, 'package.json'), 'utf8')) as Manifest;
}

function describe(manifest: Manifest, directory: string): Publishable {
  const { name, version, publishConfig } = manifest;
  const subpaths = Object.keys(publishConfig?.exports ?? manifest.exports ?? {});
  return {
    name,
    version,
    directory,
    specifiers: subpaths.map((subpath) => name + subpath.slice(1)),
    commands: Object.keys(publishConfig?.bin ?? manifest.bin ?? {}),
  };
}
