import { decodeBase64 } from '../../bytes/base64.ts';
import { WASM_KERNEL } from '../gen/wasm-kernel.ts';

/** What the kernel exports: packages/core/tools/kernels/wasm-kernel.ts. Addresses are in its memory. */
export interface WasmKernel {
  /** Never grows, so that views of it stay valid. */
  readonly memory: { readonly buffer: ArrayBuffer };
  /** Hashes groups of four nodes from `input` up to `end`; `output` may be `input`. */
  nodes(input: number, end: number, output: number): void;
  /** Hashes groups of four leaves, from the first of their records up to `end`. */
  leaves(records: number, end: number): void;
}

/** As much of the global as is used here: no library of the compiler's but those of platforms declares it. */
declare const WebAssembly:
  | {
      validate(bytes: Uint8Array): boolean;
      readonly Module: new (bytes: Uint8Array) => object;
      readonly Instance: new (module: object) => { readonly exports: unknown };
    }
  | undefined;

/**
 * The kernel with a memory of its own, or nothing where WebAssembly or its SIMD is missing, or the content security policy
 * of the page does not allow it (`wasm-unsafe-eval`).
 */
export function instantiateKernel(): WasmKernel | undefined {
  if (typeof WebAssembly === 'undefined') return undefined;
  const bytes = decodeBase64(WASM_KERNEL);
  try {
    if (!WebAssembly.validate(bytes)) return undefined;
    return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as WasmKernel;
  } catch {
    // A policy refuses with CompileError, a runtime short of address space with RangeError. Both have another way.
    return undefined;
  }
}
