// The WebAssembly kernel. Three things make it fast besides the vectors: the second block of a node has one byte that
// varies, so its 256 message schedules stand in a table; other schedules are made between the rounds; and first blocks
// are read from one byte before the content, the place of the RFC 6962 prefix, so that nobody has to build prefixed
// copies. Loops of four rounds are as fast as longer ones, and keep the module below 4 KiB, the most that older Chromes
// compile synchronously on a page's main thread.
import { compressFunctions, loadBlock, writeDigests } from './wasm-compress.ts';
import { MEMORY } from './wasm-memory.ts';
import { get, int, integers, load, params, plus, set, store } from './wat-syntax.ts';

const LANES = [0, 1, 2, 3];
const BLOCK = 64;
/** Fields of a lane: address of the leaf's prefix, number of blocks before the tail, number of blocks, output. */
const LANE = { SIZE: 16, FIRST: 0, WHOLE: 4, BLOCKS: 8, OUTPUT: 12 } as const;
const NODE_PREFIX = 0x01_00_00_00;
const LEAF_PREFIX = 0;

/** The module in the WebAssembly text format. */
export function wasmKernel(): string {
  return `(module (memory (export "memory") ${MEMORY.PAGES} ${MEMORY.PAGES})
${compressFunctions()}${nodes()}${seatLeaf()}${blockOf()}${hand()}${leaves()})`;
}

/** Hashes groups of four nodes from `input` up to `end`; `output` may be `input`. */
function nodes(): string {
  // One byte early: the place of the prefix.
  const addresses = LANES.map((lane) => plus(get('input'), BLOCK * lane - 1));
  return `(func (export "nodes") ${params('input', 'end', 'output')}
(loop $group
(call $start)
${loadBlock(addresses)}(call $setPrefix ${int(NODE_PREFIX)})
(call $rounds ${int(1)})
(call $loadSecondBlock ${get('input')})
(call $rounds ${int(0)})
${writeDigests(get('output'))}${set('output', plus(get('output'), 32 * LANES.length))}
(br_if $group (i32.lt_u (local.tee $input ${plus(get('input'), BLOCK * LANES.length)}) ${get('end')}))))\n`;
}

/** Gives a lane its next leaf: copies what does not fill a block to the lane's tail, with the padding. */
function seatLeaf(): string {
  const field = (offset: number, value: string): string => `(i32.store offset=${offset} ${get('lane')} ${value})\n`;
  const bits = `(i32.shl ${get('size')} ${int(3)})`;
  const bigEndian = `(i32.or (i32.and (i32.rotl ${bits} ${int(8)}) ${int(0x00ff_00ff)})
    (i32.and (i32.rotr ${bits} ${int(8)}) ${int(0xff00_ff00 - 2 ** 32)}))`;
  return `(func $seatLeaf ${params('lane', 'tail', 'record')} ${integers('first', 'size', 'rest', 'blocks')}
${set('first', `(i32.sub (i32.load ${get('record')}) ${int(1)})`)}
${set('size', plus(`(i32.load offset=4 ${get('record')})`, 1))}
${set('rest', `(i32.and ${get('size')} ${int(BLOCK - 1)})`)}
(memory.copy ${get('tail')} (i32.add ${get('first')} (i32.sub ${get('size')} ${get('rest')})) ${get('rest')})
(memory.fill (i32.add ${get('tail')} ${get('rest')}) ${int(0)} (i32.sub ${int(2 * BLOCK)} ${get('rest')}))
(i32.store8 (i32.add ${get('tail')} ${get('rest')}) ${int(0x80)})
${set('blocks', `(i32.add ${int(1)} (i32.gt_u ${get('rest')} ${int(BLOCK - 9)}))`)}
(i32.store (i32.sub (i32.add ${get('tail')} (i32.mul ${get('blocks')} ${int(BLOCK)})) ${int(4)}) ${bigEndian})
${field(LANE.FIRST, get('first'))}
${field(LANE.WHOLE, `(i32.shr_u ${get('size')} ${int(6)})`)}
${field(LANE.BLOCKS, `(i32.add ${get('blocks')} (i32.shr_u ${get('size')} ${int(6)}))`)}
${field(LANE.OUTPUT, `(i32.load offset=8 ${get('record')})`)})\n`;
}

/** Address of a lane's block `number`, in the leaf or in the tail. A lane that is done gets any block. */
function blockOf(): string {
  const whole = `(i32.load offset=${LANE.WHOLE} ${get('lane')})`;
  const second = `(i32.gt_u ${get('number')} ${whole})`;
  return `(func $blockOf ${params('lane', 'tail', 'number')} (result i32)
(if (result i32) (i32.lt_u ${get('number')} ${whole})
  (then (i32.add (i32.load offset=${LANE.FIRST} ${get('lane')}) (i32.mul ${get('number')} ${int(BLOCK)})))
  (else (i32.add ${get('tail')} (i32.mul ${second} ${int(BLOCK)})))))\n`;
}

/** Hands over the hash of a lane whose last block was the one before `number`; others are at other blocks. */
function hand(): string {
  const output = `(i32.load offset=${LANE.OUTPUT} ${get('lane')})`;
  const copy = [0, 16].map((at) => store(at, output, load(MEMORY.DIGESTS + at, get('digest'))));
  return `(func $hand ${params('lane', 'digest', 'number')}
(if (i32.eq (i32.load offset=${LANE.BLOCKS} ${get('lane')}) ${get('number')})
  (then
${copy.join('')})))\n`;
}

/** Hashes groups of four leaves from their records, which are sorted by number of blocks. */
function leaves(): string {
  const lane = (number: number): string => int(MEMORY.LANES + LANE.SIZE * number);
  const tail = (number: number): string => int(MEMORY.TAILS + 2 * BLOCK * number);
  const seat = LANES.map(
    (number) =>
      `(call $seatLeaf ${lane(number)} ${tail(number)} ${plus(get('record'), MEMORY.LEAF_RECORD * number)})\n`,
  );
  const addresses = LANES.map((number) => `(call $blockOf ${lane(number)} ${tail(number)} ${get('number')})`);
  const hand = LANES.map((number) => `(call $hand ${lane(number)} ${int(32 * number)} ${get('number')})\n`);
  const blocks = (number: number): string => `(i32.load offset=${LANE.BLOCKS} ${lane(number)})`;
  return `(func (export "leaves") ${params('record', 'end')} ${integers('number')}
(loop $group
${seat.join('')}(call $start)
${set('number', int(0))}
(loop $block
${loadBlock(addresses)}(if (i32.eqz ${get('number')}) (then (call $setPrefix ${int(LEAF_PREFIX)})))
(call $rounds ${int(1)})
${set('number', plus(get('number'), 1))}
(if (i32.ge_u ${get('number')} ${blocks(0)}) (then
${writeDigests(int(MEMORY.DIGESTS))}${hand.join('')}))
(br_if $block (i32.lt_u ${get('number')} ${blocks(3)})))
(br_if $group (i32.lt_u (local.tee $record ${plus(get('record'), MEMORY.LEAF_RECORD * LANES.length)}) ${get('end')}))))\n`;
}
