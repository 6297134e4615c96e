import { build, type Plugin } from 'esbuild';

/** A bundle for browsers, minified. */
export interface Bundle {
  readonly code: string;
  /** Files in it, with how many bytes of the bundle each takes. */
  readonly inputs: ReadonlyMap<string, number>;
}

/**
 * Bundles a module for browsers. Packages that it imports are those of `project`, whatever directory it stands in.
 *
 * @param source the module: a file, or its text
 */
export async function bundle(project: string, source: { readonly file: string } | string): Promise<Bundle> {
  const entry =
    typeof source === 'string'
      ? { stdin: { contents: source, resolveDir: project, loader: 'ts' as const } }
      : { entryPoints: [source.file] };
  const { outputFiles, metafile } = await build({
    ...entry,
    bundle: true,
    write: false,
    minify: true,
    metafile: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    absWorkingDir: project,
    outdir: project,
    logLevel: 'silent',
    plugins: [packagesOf(project)],
  });
  const [output] = Object.values(metafile.outputs);
  const inputs = Object.entries(output?.inputs ?? {}).map(
    ([name, { bytesInOutput }]) => [name, bytesInOutput] as const,
  );
  return { code: outputFiles[0]?.text ?? '', inputs: new Map(inputs) };
}

/** Finds packages from `project`: else a file of this workspace would get the sources of its neighbours. */
function packagesOf(project: string): Plugin {
  const seen = Symbol();
  return {
    name: 'packages of the project',
    setup({ onResolve, resolve }) {
      onResolve({ filter: /^@tilewright\// }, ({ path, kind, pluginData }) =>
        pluginData === seen ? undefined : resolve(path, { kind, resolveDir: project, pluginData: seen }),
      );
    },
  };
}
