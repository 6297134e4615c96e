// The WebAssembly functions that hash one block of four messages at once, one in each 32-bit lane of the vectors.
import { initialState, SIGMA, WORKING } from './sha256-constants.ts';
import { MEMORY, ROW } from './wasm-memory.ts';
import {
  bigSigma,
  get,
  int,
  integers,
  load,
  loadSplat,
  loopTo,
  params,
  plus,
  set,
  smallSigma,
  store,
  sum,
  swapBytes,
  TRANSPOSE_LOCALS,
  TRANSPOSED,
  transpose,
  vectors,
  xor,
} from './wat-syntax.ts';

const LANES = [0, 1, 2, 3];
const NODE_INPUT = 64;

/** All of them, in the WebAssembly text format. */
export function compressFunctions(): string {
  return [start(), loadBlock(), setPrefix(), expand(), loadSecondBlock(), rounds(), digests()].join('');
}

/** Sets the state of all lanes to the initial hash value. */
function start(): string {
  const rows = initialState().map((word, i) => store(MEMORY.STATE + ROW * i, int(0), `(i32x4.splat ${int(word)})`));
  return `(func $start\n${rows.join('')})\n`;
}

/** Reads a block of each lane, from one byte before its address, into the first 16 rows of the schedule. */
function loadBlock(): string {
  const addresses = LANES.map((lane) => `p${lane}`);
  const read = TRANSPOSED.map(
    (row, lane) =>
      set(row, load(0, `(i32.sub ${get(`p${lane}`)} ${int(1)})`)) +
      set(row, swapBytes(get(row))) +
      set(`p${lane}`, plus(get(`p${lane}`), 16)),
  );
  const write = TRANSPOSED.map((row, i) => store(MEMORY.SCHEDULE + ROW * i, get('w'), get(row)));
  return `(func $loadBlock ${params(...addresses)} ${integers('w')} ${vectors(...TRANSPOSE_LOCALS)}
${loopTo('w', 4 * ROW, 16 * ROW, [...read, transpose(), ...write].join(''))})\n`;
}

/** Puts the highest byte of `prefix` in the place of the first byte of the block. */
function setPrefix(): string {
  const rest = `(v128.and ${load(MEMORY.SCHEDULE)} (i32x4.splat ${int(0x00ff_ffff)}))`;
  const first = `(v128.or ${rest} (i32x4.splat ${get('prefix')}))`;
  return `(func $setPrefix ${params('prefix')}\n${store(MEMORY.SCHEDULE, int(0), first)})\n`;
}

/** The other 48 rows of the schedule; two a turn, so that those two back stay in locals (FIPS 180-4, 6.2.2 step 1). */
function expand(): string {
  const row = (index: number): string => load(MEMORY.SCHEDULE + ROW * index, get('w'));
  const next = ['x', 'y'].map(
    (name, i) =>
      set('z', row(i + 1)) +
      set(name, sum(row(i), row(i + 9), smallSigma(get('z'), SIGMA.small0), smallSigma(get(name), SIGMA.small1))) +
      store(MEMORY.SCHEDULE + ROW * (16 + i), get('w'), get(name)),
  );
  return `(func $expand ${integers('w')} ${vectors('x', 'y', 'z')}
${set('x', load(MEMORY.SCHEDULE + ROW * 14))}${set('y', load(MEMORY.SCHEDULE + ROW * 15))}
${loopTo('w', 2 * ROW, 48 * ROW, next.join(''))})\n`;
}

/** The whole schedule of the second block of four nodes, from the table, by the last byte of each. */
function loadSecondBlock(): string {
  const addresses = LANES.map((lane) => `p${lane}`);
  const find = LANES.map((lane) => {
    const last = `(i32.load8_u offset=${NODE_INPUT * (lane + 1) - 1} ${get('input')})`;
    return set(`p${lane}`, `(i32.mul ${last} ${int(MEMORY.SECOND_BLOCK_SIZE)})`);
  });
  const read = TRANSPOSED.map(
    (row, lane) => set(row, load(MEMORY.SECOND_BLOCKS, get(`p${lane}`))) + set(`p${lane}`, plus(get(`p${lane}`), 16)),
  );
  const write = TRANSPOSED.map((row, i) => store(MEMORY.SCHEDULE + ROW * i, get('w'), get(row)));
  return `(func $loadSecondBlock ${params('input')} ${integers('w', ...addresses)} ${vectors(...TRANSPOSE_LOCALS)}
${find.join('')}${loopTo('w', 4 * ROW, 64 * ROW, [...read, transpose(), ...write].join(''))})\n`;
}

/** The 64 rounds, and their sum with the state before (FIPS 180-4, 6.2.2 steps 2 to 4). */
function rounds(): string {
  const state = WORKING.map((_, i) => load(MEMORY.STATE + ROW * i));
  const begin = WORKING.map((name, i) => set(name, state[i] ?? ''));
  const end = WORKING.map((name, i) => store(MEMORY.STATE + ROW * i, int(0), sum(get(name), state[i] ?? '')));
  const turn = WORKING.map((_, i) => round(i)).join('') + set('w', plus(get('w'), ROW * WORKING.length));
  return `(func $rounds ${integers('w', 'k')} ${vectors(...WORKING, 't', 'ab', 'bc')}
${begin.join('')}${set('bc', xor(get('b'), get('c')))}
${loopTo('k', 4 * WORKING.length, 256, turn)}${end.join('')})\n`;
}

/** One round. The names of the variables move on by one place a round, instead of the values. */
function round(number: number): string {
  const name = (place: number): string => WORKING.at(place - number) ?? '';
  const [a, b, d, e, f, g, h] = [name(0), name(1), name(3), name(4), name(5), name(6), name(7)];
  const word = load(MEMORY.SCHEDULE + ROW * number, get('w'));
  const constant = loadSplat(MEMORY.ROUND_CONSTANTS + 4 * number, get('k'));
  const choice = `(v128.bitselect ${get(f)} ${get(g)} ${get(e)})`;
  // Maj(a, b, c) = b ^ ((a ^ b) & (b ^ c)), and the a ^ b of this round is the b ^ c of the next.
  const majority = xor(get(b), `(v128.and ${get('ab')} ${get('bc')})`);
  return [
    set('t', sum(get(h), sum(word, constant), choice, bigSigma(get(e), SIGMA.big1))),
    set(d, sum(get(d), get('t'))),
    set('ab', xor(get(a), get(b))),
    set(h, sum(get('t'), sum(bigSigma(get(a), SIGMA.big0), majority))),
    set('bc', get('ab')),
  ].join('');
}

/** Writes the digests of the four lanes, one after another. */
function digests(): string {
  const read = TRANSPOSED.map((row, i) => set(row, load(MEMORY.STATE + ROW * i, get('half'))));
  const write = TRANSPOSED.map(
    (row, lane) => set(row, swapBytes(get(row))) + store(32 * lane, get('output'), get(row)),
  );
  const body = [...read, transpose(), ...write, set('output', plus(get('output'), 16))].join('');
  return `(func $digests ${params('output')} ${integers('half')} ${vectors(...TRANSPOSE_LOCALS)}
${loopTo('half', 4 * ROW, 8 * ROW, body)})\n`;
}
