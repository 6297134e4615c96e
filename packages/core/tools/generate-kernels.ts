// Writes the SHA-256 kernels of @tilewright/core: `node packages/core/tools/generate-kernels.ts`.
import { mkdir, writeFile } from 'node:fs/promises';
import wabt from 'wabt';
import { javascriptKernel } from './kernels/javascript-kernel.ts';
import { wasmKernel } from './kernels/wasm-kernel.ts';
import { MEMORY } from './kernels/wasm-memory.ts';

/** Where the kernels stand. */
export const KERNEL_FOLDER: URL = new URL('../src/hash/gen/', import.meta.url);

const HEADER = '// Written by packages/core/tools/generate-kernels.ts: do not edit.\n\n';

/** The files by name, as they must be in {@link KERNEL_FOLDER}. */
export async function kernelFiles(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ['javascript-kernel.ts', HEADER + javascriptKernel()],
    ['wasm-kernel.ts', HEADER + wasmModule(await assemble(wasmKernel()))],
  ]);
}

async function assemble(text: string): Promise<Uint8Array> {
  const { parseWat } = await wabt();
  const module = parseWat('kernel.wat', text, { simd: true, bulk_memory: true });
  try {
    module.validate();
    return module.toBinary({}).buffer;
  } finally {
    module.destroy();
  }
}

function wasmModule(bytes: Uint8Array): string {
  const base64 = Buffer.from(bytes).toString('base64');
  const chunks = base64.match(/.{1,110}/g)?.map((chunk) => `  '${chunk}'`) ?? [];
  const memory = Object.entries(MEMORY).map(([name, value]) => `  ${name}: ${value},`);
  return `/** The WebAssembly module, ${bytes.length} bytes: \`nodes(input, end, output)\`, \`leaves(records, end)\` and \`memory\`. */
export const WASM_KERNEL: string =
${chunks.join(' +\n')};

/** Addresses and sizes in its memory; see packages/core/tools/kernels/wasm-memory.ts. */
export const MEMORY = {
${memory.join('\n')}
} as const;
`;
}

if (import.meta.main) {
  await mkdir(KERNEL_FOLDER, { recursive: true });
  for (const [name, text] of await kernelFiles()) await writeFile(new URL(name, KERNEL_FOLDER), text);
}
