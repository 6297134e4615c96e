import { execFileSync } from 'node:child_process';
import { createContext, runInContext } from 'node:vm';
import { afterEach, expect, test, vi } from 'vitest';
import { openssl, someBytes } from '../../test/every-backend.ts';
import { selectBackend, sha256Backend } from './active-backend.ts';
import { createJavaScriptKernel } from './gen/javascript-kernel.ts';
import { createJavaScriptBackend } from './javascript/javascript-backend.ts';
import { createNativeBackend } from './node-backend.ts';
import type { Sha256Backend } from './sha256-backend.ts';
import { createWasmBackend } from './wasm/wasm-backend.ts';

const kernel = createJavaScriptKernel();
const javascript = createJavaScriptBackend(kernel);

afterEach(() => {
  vi.unstubAllGlobals();
  selectBackend('fastest');
});

/** Runs a script in a Node of its own, whose flags make it what browsers may be. Returns what it prints. */
function runNode(flags: readonly string[], script: string): string {
  const active = JSON.stringify(new URL('active-backend.ts', import.meta.url).href);
  const source = `import { selectBackend, sha256Backend } from ${active};\n${script}`;
  const args = ['--disable-warning=ExperimentalWarning', ...flags, '--input-type=module', '--eval', source];
  return execFileSync(process.execPath, args, { encoding: 'utf8', timeout: 60_000 });
}

const PRINT_RESULTS = `
const output = new Uint8Array(96);
sha256Backend.nodes(new Uint8Array(192), output, 3);
const leaves = new Uint8Array(64);
sha256Backend.leaves(Uint8Array.of(1, 2, 3), [0, 1, 3], leaves);
const single = sha256Backend.node(new Uint8Array(32), new Uint8Array(32));
console.log(sha256Backend.name, Buffer.from(output).toString('hex'), Buffer.from(leaves).toString('hex'),
  Buffer.from(single).toString('hex'));`;

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const ZERO_NODE = hex(openssl(Uint8Array.of(1), new Uint8Array(64)));
const TWO_LEAVES = hex(openssl(Uint8Array.of(0, 1))) + hex(openssl(Uint8Array.of(0, 2, 3)));
const results = (name: string) => `${name} ${ZERO_NODE.repeat(3)} ${TWO_LEAVES} ${ZERO_NODE}\n`;

const BROWSER = '--conditions=browser';

const NO_WASM = 'delete globalThis.WebAssembly;';

test.each([
  ['Node', [], '', 'node'],
  ['Node without WebAssembly', [], NO_WASM, 'node'],
  ['a browser', [BROWSER], '', 'wasm-simd'],
  ['a browser without WebAssembly', [BROWSER], NO_WASM, 'javascript'],
])('the fastest in %s', (_, flags, before, name) => {
  expect(runNode(flags, before + PRINT_RESULTS)).toBe(results(name));
});

test.runIf(process.arch === 'x64')('a processor whose vectors are too old', () => {
  expect(runNode([BROWSER, '--no-enable-sse4-1'], PRINT_RESULTS)).toBe(results('javascript'));
});

test('importing makes nothing, and single hashes compile no WebAssembly', () => {
  const spy = `
const made = [];
for (const name of ['Module', 'Instance']) {
  WebAssembly[name] = class extends WebAssembly[name] { constructor(...args) { super(...args); made.push(name); } };
}
`;
  const script = `${spy}
sha256Backend.node(new Uint8Array(32), new Uint8Array(32));
sha256Backend.leaf(new Uint8Array(9));
sha256Backend.nodes(new Uint8Array(64), new Uint8Array(32), 1);
console.log(made.length);
sha256Backend.nodes(new Uint8Array(128), new Uint8Array(64), 2);
sha256Backend.nodes(new Uint8Array(128), new Uint8Array(64), 2);
console.log(made.join());`;
  expect(runNode([], script)).toBe('0\nModule,Instance\n');
});

test.each([
  ['no WebAssembly', undefined],
  ['a policy without wasm-unsafe-eval', withoutPermission()],
  ['no vectors', { ...wasmParts(), validate: () => false }],
  ['a module too large for the main thread', { ...wasmParts(), Module: refusing(new RangeError('too large')) }],
  ['no address space', { ...wasmParts(), Instance: refusing(new RangeError('out of memory')) }],
])('%s: there is no WebAssembly backend', (_, api) => {
  vi.stubGlobal('WebAssembly', api);
  expect(createWasmBackend(kernel, javascript)).toBeUndefined();
});

test('the policy that this test makes refuses as browsers do', () => {
  const policy = withoutPermission();
  expect(policy.validate(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0))).toBe(true);
  expect(() => new policy.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0))).toThrow(policy.CompileError);
});

test('Node without WebAssembly hashes batches in JavaScript, and leaves with OpenSSL', () => {
  const asked: string[] = [];
  const spied: Sha256Backend = {
    ...javascript,
    nodes: (...args) => {
      asked.push('nodes');
      javascript.nodes(...args);
    },
    leaves: () => asked.push('leaves'),
  };
  const backend = createNativeBackend(() => spied);
  const input = someBytes(192);
  const output = new Uint8Array(96);
  backend.nodes(input, output, 3);
  expect(output.slice(64)).toEqual(openssl(Uint8Array.of(1), input.subarray(128)));
  backend.leaves(input, [0, 5, 9], output);
  expect(output.slice(0, 32)).toEqual(openssl(Uint8Array.of(0), input.subarray(0, 5)));
  expect(asked).toEqual(['nodes']);
});

test('a backend can be pinned', () => {
  expect(sha256Backend.name).toBe('node');
  for (const name of ['javascript', 'wasm-simd', 'node'] as const) {
    expect(selectBackend(name).name).toBe(name);
    expect(sha256Backend.name).toBe(name);
  }
  expect(selectBackend('fastest')).toBe(sha256Backend);
  const script = `try { selectBackend('node'); } catch (error) { console.log(error.code, sha256Backend.name); }`;
  expect(runNode([BROWSER], script)).toBe('out-of-range wasm-simd\n');
});

interface WasmParts {
  readonly validate: (bytes: Uint8Array) => boolean;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => object;
  readonly CompileError: new () => Error;
}

function wasmParts(): WasmParts {
  const { validate, Module, Instance, CompileError } = runInContext('WebAssembly', createContext());
  return { validate, Module, Instance, CompileError };
}

/** The API of a context that may not compile, which is what a content security policy makes of a page. */
function withoutPermission(): WasmParts {
  return runInContext('WebAssembly', createContext({}, { codeGeneration: { wasm: false, strings: true } }));
}

function refusing(error: Error): new () => object {
  return class {
    constructor() {
      throw error;
    }
  };
}
