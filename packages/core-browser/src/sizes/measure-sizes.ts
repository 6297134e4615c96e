import { gzipSync } from 'node:zlib';
import { bundle } from '../build/bundle.ts';
import { ED25519_VERIFICATION, type MeasuredBundle } from './measured-bundles.ts';

const WASM_KERNEL = 'dist/hash/gen/wasm-kernel.js';

/** What a bundle weighs. */
export interface BundleSize {
  readonly name: string;
  readonly minified: number;
  /** Bytes after gzip at level 9. */
  readonly gzip: number;
  readonly limit: number | undefined;
  /** The files that take most of it, the largest first: where to look when a limit is passed. */
  readonly largest: readonly string[];
  /** Why it is refused, when it is. */
  readonly problem: string | undefined;
}

/** Bundles everything in turn. `project` holds the packed package: see `packedCore`. */
export async function measureSizes(project: string, bundles: readonly MeasuredBundle[]): Promise<BundleSize[]> {
  const sizes: BundleSize[] = [];
  for (const each of bundles) {
    const { code, inputs } = await bundle(project, each.source);
    const size = { minified: code.length, gzip: gzipSync(code, { level: 9 }).length };
    const files = [...inputs].filter(([, bytes]) => bytes > 0).toSorted(([, a], [, b]) => b - a);
    sizes.push({
      name: each.name,
      ...size,
      limit: each.limit,
      largest: files.slice(0, 8).map(([file, bytes]) => `${bytes} ${file.replace(/^.*node_modules\//, '')}`),
      problem: problemOf(each, size.gzip, [...inputs.keys()]),
    });
  }
  return sizes;
}

function problemOf({ limit, wasm }: MeasuredBundle, gzip: number, files: readonly string[]): string | undefined {
  if (limit !== undefined && gzip > limit) return `${gzip} bytes after gzip: ${gzip - limit} more than the limit`;
  if (wasm !== undefined && files.some((file) => file.endsWith(WASM_KERNEL)) !== wasm) {
    return wasm ? 'the WebAssembly kernel is missing' : 'it brings the WebAssembly kernel';
  }
  return undefined;
}

/** One line a bundle; those with a signature type more say what it adds. */
export function sizesTable(sizes: readonly BundleSize[]): string {
  const base = sizes.find(({ name }) => name === ED25519_VERIFICATION.name)?.gzip;
  const lines = sizes.map(({ name, minified, gzip, limit, problem }) => {
    const added = name.startsWith('verification with') && base !== undefined ? `+${gzip - base}` : '';
    return `| ${name} | ${minified} | ${gzip} | ${added} | ${limit ?? ''} | ${problem ?? ''} |`;
  });
  return ['| bundle | minified | gzip | added | limit | |', '| --- | ---: | ---: | ---: | ---: | --- |', ...lines].join(
    '\n',
  );
}
