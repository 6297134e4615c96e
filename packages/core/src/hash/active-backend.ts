import { createNativeBackend } from '#sha256-backend';
import { CoreError } from '../core-error.ts';
import { createJavaScriptKernel } from './gen/javascript-kernel.ts';
import { createJavaScriptBackend } from './javascript/javascript-backend.ts';
import type { BackendName, Sha256Backend } from './sha256-backend.ts';
import { createWasmBackend } from './wasm/wasm-backend.ts';

// Each is made when it is first needed: importing this does nothing, and who checks one proof compiles no WebAssembly.
const kernel = once(createJavaScriptKernel);
const javascript = once(() => createJavaScriptBackend(kernel()));
const wasm = once(() => createWasmBackend(kernel(), javascript()));
const native = once(() => createNativeBackend(() => wasm() ?? javascript()));

let forSingles: Sha256Backend | undefined;
let forBatches: Sha256Backend | undefined;

function singles(): Sha256Backend {
  forSingles ??= native() ?? javascript();
  return forSingles;
}

function batches(): Sha256Backend {
  forBatches ??= native() ?? wasm() ?? javascript();
  return forBatches;
}

/**
 * The backend in use, the fastest that runs here: `node` in Node; elsewhere `wasm-simd`, or `javascript` where WebAssembly,
 * its SIMD or the permission of the content security policy (`wasm-unsafe-eval`) is missing. Found when it is first used.
 */
export const sha256Backend: Sha256Backend = {
  get name() {
    return batches().name;
  },
  digest: (data) => singles().digest(data),
  leaf: (entry) => singles().leaf(entry),
  node: (left, right) => singles().node(left, right),
  nodes: (input, output, n) => batches().nodes(input, output, n),
  leaves: (buffer, offsets, output) => batches().leaves(buffer, offsets, output),
};

/**
 * Pins the backend that everything in this package uses, or lets it find the fastest again. For tests and measurements:
 * results never differ. Returns the backend.
 *
 * @throws CoreError `out-of-range` when it does not run here.
 */
export function selectBackend(name: BackendName | 'fastest'): Sha256Backend {
  const backend = name === 'fastest' ? undefined : find(name);
  forSingles = backend;
  forBatches = backend;
  return backend ?? sha256Backend;
}

function find(name: BackendName): Sha256Backend {
  const backend = name === 'node' ? native() : name === 'wasm-simd' ? wasm() : javascript();
  if (backend === undefined) throw new CoreError('out-of-range', `the SHA-256 backend ${name} does not run here`);
  return backend;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
