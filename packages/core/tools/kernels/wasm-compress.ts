// The WebAssembly functions that hash one block of four messages at once, one in each 32-bit lane of the vectors.
import { initialState, SIGMA, WORKING } from './sha256-constants.ts';
import { MEMORY, ROW } from './wasm-memory.ts';
import {
  BYTE_ORDER,
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
/** Half as many as working variables: after a turn of the loop, their names are exchanged by halves. */
const ROUNDS_AT_ONCE = 4;

/** Reads a block of each lane, from these addresses, into the first 16 rows of the schedule. */
export function loadBlock(addresses: readonly string[]): string {
  return `(call $turn ${addresses.join('\n')} ${[16, MEMORY.SCHEDULE, ROW, 4 * ROW, 4].map(int).join(' ')})\n`;
}

/** Writes the digests of the four lanes one after another. */
export function writeDigests(output: string): string {
  const rows = LANES.map((lane) => int(MEMORY.STATE + ROW * lane));
  return `(call $turn ${rows.join(' ')} ${int(4 * ROW)} ${output} ${[32, 16, 2].map(int).join(' ')})\n`;
}

/** All of them, in the WebAssembly text format. */
export function compressFunctions(): string {
  return [start(), turn(), setPrefix(), loadSecondBlock(), rounds()].join('');
}

/** Sets the state of all lanes to the initial hash value. */
function start(): string {
  const rows = initialState().map((word, i) => store(MEMORY.STATE + ROW * i, int(0), `(i32x4.splat ${int(word)})`));
  return `(func $start\n${rows.join('')})\n`;
}

/**
 * Turns words of four lanes into rows, or back, big-endian on either side: `count` times it takes 16 bytes from each of
 * four places, `step` apart, and writes 16 bytes to four others, `stride` apart, the next ones `outputStep` further on.
 */
function turn(): string {
  const places = LANES.map((lane) => `p${lane}`);
  const read = TRANSPOSED.map(
    (row, lane) =>
      set(row, load(0, get(`p${lane}`))) +
      set(row, swapBytes(get(row), get('order'))) +
      set(`p${lane}`, `(i32.add ${get(`p${lane}`)} ${get('step')})`),
  );
  const write = TRANSPOSED.map(
    (row) => store(0, get('place'), get(row)) + set('place', `(i32.add ${get('place')} ${get('stride')})`),
  );
  const body = [...read, transpose(), set('place', get('output')), ...write];
  return `(func $turn ${params(...places, 'step', 'output', 'stride', 'outputStep', 'count')} ${integers('place')}
${vectors(...TRANSPOSE_LOCALS, 'order')}
${set('order', BYTE_ORDER)}(loop $next
${body.join('')}${set('output', `(i32.add ${get('output')} ${get('outputStep')})`)}
(br_if $next (local.tee $count (i32.sub ${get('count')} ${int(1)})))))\n`;
}

/** Puts the highest byte of `prefix` in the place of the first byte of the block. */
function setPrefix(): string {
  const rest = `(v128.and ${load(MEMORY.SCHEDULE)} (i32x4.splat ${int(0x00ff_ffff)}))`;
  const first = `(v128.or ${rest} (i32x4.splat ${get('prefix')}))`;
  return `(func $setPrefix ${params('prefix')}\n${store(MEMORY.SCHEDULE, int(0), first)})\n`;
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

/**
 * The 64 rounds, and their sum with the state before (FIPS 180-4, 6.2.2). With `expand` only the first 16 rows of the
 * schedule are there: each round but the last 16 makes the one for 16 rounds later. Between the rounds that costs less than
 * before them, because a processor has fewer units that shift than units that add.
 */
function rounds(): string {
  const state = WORKING.map((_, i) => load(MEMORY.STATE + ROW * i));
  const begin = WORKING.map((name, i) => set(name, state[i] ?? ''));
  const end = WORKING.map((name, i) => store(MEMORY.STATE + ROW * i, int(0), sum(get(name), state[i] ?? '')));
  const numbers = Array.from({ length: ROUNDS_AT_ONCE }, (_, i) => i);
  // After half a turn the names are where they were but for the two halves.
  const halves = WORKING.map((_, i) => get(WORKING.at(i - ROUNDS_AT_ONCE) ?? '')).join(' ');
  const exchange = `${halves}\n${WORKING.toReversed()
    .map((name) => `(local.set $${name})`)
    .join(' ')}\n`;
  const step = exchange + set('w', plus(get('w'), ROW * ROUNDS_AT_ONCE));
  const expanding = numbers.map((i) => round(i) + nextRow(i)).join('') + step;
  const plain = numbers.map((i) => round(i)).join('') + step;
  return `(func $rounds ${params('expand')} ${integers('w', 'k')}
${vectors(...WORKING, 't', 'ab', 'bc', 'x', 'y', 'z')}
${begin.join('')}${set('bc', xor(get('b'), get('c')))}
(if ${get('expand')} (then
${set('x', load(MEMORY.SCHEDULE + ROW * 14))}${set('y', load(MEMORY.SCHEDULE + ROW * 15))}
${loopTo('k', 4 * ROUNDS_AT_ONCE, 4 * 48, expanding)}))
${loopTo('k', 4 * ROUNDS_AT_ONCE, 4 * 64, plain)}${end.join('')})\n`;
}

/** Row `number` + 16 of the schedule; x and y are the two before it by turns (FIPS 180-4, 6.2.2 step 1). */
function nextRow(number: number): string {
  const row = (ahead: number): string => load(MEMORY.SCHEDULE + ROW * (number + ahead), get('w'));
  const name = number % 2 === 0 ? 'x' : 'y';
  return [
    set('z', row(1)),
    set(name, sum(row(0), row(9), smallSigma(get('z'), SIGMA.small0), smallSigma(get(name), SIGMA.small1))),
    store(MEMORY.SCHEDULE + ROW * (number + 16), get('w'), get(name)),
  ].join('');
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
