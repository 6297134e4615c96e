// The JavaScript kernel, for where WebAssembly is missing and for single hashes. One function hashes any block, with the
// rounds written out sixteen at a time and the schedule in locals; the second block of a node has one byte that varies,
// so its 256 message schedules stand in a table.
import { initialState, roundConstants, SIGMA, WORKING } from './sha256-constants.ts';

const ASSIGN_STATE = WORKING.map((_, i) => `state[${i}] = ${initialState()[i]};`).join(' ');
const READ_STATE = WORKING.map((name, i) => `${name} = state[${i}]!`).join(', ');
const ADD_STATE = WORKING.map((name, i) => `state[${i}] = (state[${i}]! + ${name}) | 0;`).join('\n    ');
const NAMES = Array.from({ length: 16 }, (_, i) => `w${i}`);

/** The module, in TypeScript. */
export function javascriptKernel(): string {
  return `/** SHA-256, block by block. */
export interface JavaScriptKernel {
  /** The round constants: 64 words. */
  readonly roundConstants: Int32Array;
  /** For each last byte of a node, the message schedule of its second block, round constants added: 64 words each. */
  readonly secondBlocks: Int32Array;
  /** Sets the state to the initial hash value. */
  start(): void;
  /** Hashes \`count\` blocks of 64 bytes from \`at\` into the state. */
  blocks(bytes: Uint8Array, at: number, count: number): void;
  /** Writes the state to \`output\`, 32 bytes from \`at\`. */
  digest(output: Uint8Array, at: number): void;
  /** RFC 6962 node hashes of \`n\` pairs: 64 bytes each in \`input\`, 32 bytes each in \`output\`, which may be \`input\`. */
  nodes(input: Uint8Array, output: Uint8Array, n: number): void;
}

/** A kernel with its own state and tables. Its functions check nothing. */
export function createJavaScriptKernel(): JavaScriptKernel {
  const state = new Int32Array(8);
  const words = new Int32Array(16);
  const roundConstants = new Int32Array([
${lines(roundConstants(), 8)}
  ]);
  const secondBlocks = new Int32Array(256 * 64);
  for (let last = 0; last < 256; last++) {
    const w = secondBlocks.subarray(64 * last, 64 * last + 64);
    w[0] = (last << 24) | 0x800000;
    w[15] = 8 * 65;
    for (let t = 16; t < 64; t++) {
      const x = w[t - 15]!;
      const y = w[t - 2]!;
      w[t] = w[t - 16]! + w[t - 7]! + ${smallSigma('x', SIGMA.small0)} + ${smallSigma('y', SIGMA.small1)};
    }
    for (let t = 0; t < 64; t++) w[t]! += roundConstants[t]!;
  }

  function start(): void {
    ${ASSIGN_STATE}
  }

  function hashWords(): void {
    let ${READ_STATE};
    let ${NAMES.map((name, i) => `${name} = words[${i}]!`).join(', ')};
    let t = 0;
${rounds(16, (t) => `${wordName(t)} + ${roundConstants()[t]}`, '    ')}
    for (let k = 16; k < 64; k += 16) {
${rounds(16, (t) => `(${nextWord(t)}) + roundConstants[k + ${t}]!`, '      ')}
    }
    ${ADD_STATE}
  }

  function hashSecondBlock(last: number): void {
    let ${READ_STATE};
    let t = 0;
    const end = 64 * last + 64;
    for (let k = 64 * last; k < end; k += 8) {
${rounds(8, (t) => `secondBlocks[k + ${t}]!`, '      ')}
    }
    ${ADD_STATE}
  }

  function blocks(bytes: Uint8Array, at: number, count: number): void {
    for (let next = at; count > 0; count--) {
      for (let i = 0; i < 16; i++, next += 4) {
        words[i] = (bytes[next]! << 24) | (bytes[next + 1]! << 16) | (bytes[next + 2]! << 8) | bytes[next + 3]!;
      }
      hashWords();
    }
  }

  function digest(output: Uint8Array, at: number): void {
    for (let i = 0, next = at; i < 8; i++, next += 4) {
      const word = state[i]!;
      output[next] = word >>> 24;
      output[next + 1] = word >>> 16;
      output[next + 2] = word >>> 8;
      output[next + 3] = word;
    }
  }

  function nodes(input: Uint8Array, output: Uint8Array, n: number): void {
    for (let node = 0, at = 0; node < n; node++, at += 64) {
      words[0] = 0x01000000 | (input[at]! << 16) | (input[at + 1]! << 8) | input[at + 2]!;
      for (let i = 1, next = at + 3; i < 16; i++, next += 4) {
        words[i] = (input[next]! << 24) | (input[next + 1]! << 16) | (input[next + 2]! << 8) | input[next + 3]!;
      }
      start();
      hashWords();
      hashSecondBlock(input[at + 63]!);
      digest(output, 32 * node);
    }
  }

  return { roundConstants, secondBlocks, start, blocks, digest, nodes };
}
`;
}

/** Rounds one after another; the names of the variables move on by one place a round, instead of the values. */
function rounds(count: number, input: (round: number) => string, indent: string): string {
  const text: string[] = [];
  for (let round = 0; round < count; round++) {
    const name = (place: number): string => WORKING.at((place - round) % WORKING.length) ?? '';
    const [a, b, c, d, e, f, g, h] = [0, 1, 2, 3, 4, 5, 6, 7].map(name);
    text.push(
      `t = (${h} + ${input(round)} + ${bigSigma(`${e}`, SIGMA.big1)} + (${g} ^ (${e} & (${f} ^ ${g})))) | 0;`,
      `${d} = (${d} + t) | 0;`,
      `${h} = (t + ${bigSigma(`${a}`, SIGMA.big0)} + ((${a} & ${b}) ^ (${c} & (${a} ^ ${b})))) | 0;`,
    );
  }
  return text.map((line) => indent + line).join('\n');
}

/** Word t + 16 of the schedule, in the place of word t. */
function nextWord(t: number): string {
  const [w, w1, w9, w14] = [0, 1, 9, 14].map((ahead) => wordName(t + ahead));
  return `${w} = (${w} + ${w9} + ${smallSigma(`${w1}`, SIGMA.small0)} + ${smallSigma(`${w14}`, SIGMA.small1)}) | 0`;
}

const wordName = (t: number): string => NAMES[t % 16] ?? '';

type Rotations = readonly [number, number, number];

const rotate = (x: string, bits: number): string => `((${x} >>> ${bits}) | (${x} << ${32 - bits}))`;
const bigSigma = (x: string, [a, b, c]: Rotations): string => `(${rotate(x, a)} ^ ${rotate(x, b)} ^ ${rotate(x, c)})`;
const smallSigma = (x: string, [a, b, c]: Rotations): string => `(${rotate(x, a)} ^ ${rotate(x, b)} ^ (${x} >>> ${c}))`;

function lines(numbers: readonly number[], perLine: number): string {
  const rows: string[] = [];
  for (let i = 0; i < numbers.length; i += perLine) rows.push(`    ${numbers.slice(i, i + perLine).join(', ')},`);
  return rows.join('\n');
}
