import { concatBytes, equalBytes } from '@tilewright/core/bytes';
import { drawInput, type FuzzOutcome, FuzzRandom, type FuzzTarget, must, type Sample } from '@tilewright/fuzz';
import { encodeSlot, Register, type RegisterValue } from '@tilewright/store-posix/testing';
import { MemoryFs } from '../memory-fs.ts';
import { drawValue, LOGS, slotSample } from './draw-slot.ts';
import { judgeSlot, resealSlots, SLOT, sequenceOf } from './judge-slot.ts';

const REACHES = [
  'both slots are valid',
  'one slot is valid',
  'no slot is valid',
  'no file',
  'a file that is too short',
  'a file that is too long',
  'slots of one number',
  'a torn write over it leaves the value',
] as const;
const PATH = '/state/tree';
/** Highest number that a slot may have: it cannot be counted on from. */
const MOST = 2 ** 52;
const [LOG = new Uint8Array(32) as (typeof LOGS)[number]] = LOGS;

/** How a register is opened: the real one, or one with a defect that is to be found. */
type OpenRegister = (...args: Parameters<typeof Register.open>) => Promise<Register>;

/** A whole register, two slots, as a process opens it; and what the next write makes of it. */
export function registerFileTarget(open: OpenRegister = Register.open): FuzzTarget {
  return {
    name: 'register-file',
    about: 'a register with its two slots, and the next write to it',
    perMillion: 1_000_000,
    reaches: REACHES,
    prepare(seed) {
      const random = new FuzzRandom(seed, 'register-file samples', 0);
      const samples = Array.from({ length: 12 }, () => drawRegister(random));
      return { run: (draws) => runRegister(draws, samples, open) };
    },
  };
}

/** Two slots as they stand after some writes: the newer one first or second. */
function drawRegister(random: FuzzRandom): Sample {
  const sequence = random.int(9);
  const slots = [0, 1].map((at) => encodeSlot('tree', LOG, { ...drawValue(random), sequence: sequence + at }));
  return slotSample(concatBytes(...(random.chance(0.5) ? slots : slots.reverse())));
}

async function runRegister(random: FuzzRandom, samples: readonly Sample[], open: OpenRegister): Promise<FuzzOutcome> {
  const { bytes, kind, how } = drawInput(random, { samples, unit: SLOT, reseal: resealSlots });
  const fs = new MemoryFs(new Map(), () => 2 * SLOT);
  const missing = random.chance(0.01);
  const long = random.chance(0.02);
  if (!missing)
    fs.files.set(PATH, { bytes: bytes.slice(), ...(long ? { size: random.pick([2 ** 20, 2 ** 40]) } : {}) });
  const register = await open(fs, PATH, 'tree', LOG);
  fs.check();
  const reached: string[] = missing ? [REACHES[3]] : sizeReached(long ? 2 ** 20 : bytes.length);
  const slots = missing ? [] : validSlots(bytes);
  reached.push(REACHES[slots.length === 2 ? 0 : slots.length === 1 ? 1 : 2]);
  const [a, b] = slots;
  if (a !== undefined && b !== undefined && sequenceOf(a) === sequenceOf(b)) reached.push(REACHES[6]);
  const newest = slots.reduce<Uint8Array | undefined>(
    (best, slot) => (best === undefined || sequenceOf(slot) >= sequenceOf(best) ? slot : best),
    undefined,
  );
  const { value, damaged } = register.reading;
  must(damaged === slots.length < 2, () => `${slots.length} slots are valid; damaged is ${damaged}`);
  must(isValue(value, newest), () => 'what it holds is not what its newest slot says');
  if (newest === undefined || sequenceOf(newest) < MOST) {
    await checkNextWrite(random, fs, register, open);
    if (value !== undefined) reached.push(REACHES[7]);
  }
  return { kind: missing || long ? 'damaged' : kind, how, reached };
}

function sizeReached(size: number): string[] {
  return size < 2 * SLOT ? [REACHES[4]] : size > 2 * SLOT ? [REACHES[5]] : [];
}

function validSlots(bytes: Uint8Array): Uint8Array[] {
  const whole = new Uint8Array(2 * SLOT);
  whole.set(bytes.subarray(0, 2 * SLOT));
  return [whole.subarray(0, SLOT), whole.subarray(SLOT)].filter((slot) => judgeSlot('tree', LOG, slot) === 'valid');
}

function isValue(value: RegisterValue | undefined, slot: Uint8Array | undefined): boolean {
  if (value === undefined || slot === undefined) return value === slot;
  return equalBytes(encodeSlot('tree', LOG, { ...value, sequence: sequenceOf(slot) }), slot);
}

/** The next write is what is read from then on; torn, it leaves what was read before. */
async function checkNextWrite(random: FuzzRandom, fs: MemoryFs, register: Register, open: OpenRegister): Promise<void> {
  const before = register.reading.value;
  const next = drawValue(random);
  await register.write(next, 'tree-advanced');
  const bytes = fs.files.get(PATH)?.bytes ?? new Uint8Array(0);
  must(same(await readAgain(bytes, open), next), () => 'a value that was written is not read');
  const slots = [0, SLOT].filter((at) => {
    const slot = bytes.subarray(at, at + SLOT);
    return isValue(next, judgeSlot('tree', LOG, slot) === 'valid' ? slot : undefined);
  });
  must(slots.length === 1, () => `the write changed ${slots.length} slots`);
  const torn = bytes.slice();
  const at = slots[0] ?? 0;
  torn.fill(255, at, at + 1 + random.int(SLOT));
  must(same(await readAgain(torn, open), before), () => 'a torn write took the value before it away');
}

async function readAgain(bytes: Uint8Array, open: OpenRegister): Promise<RegisterValue | undefined> {
  return (await open(new MemoryFs(new Map([[PATH, { bytes }]]), () => 2 * SLOT), PATH, 'tree', LOG)).reading.value;
}

function same(a: RegisterValue | undefined, b: RegisterValue | undefined): boolean {
  const bytesOf = (value: RegisterValue): Uint8Array => encodeSlot('tree', LOG, { ...value, sequence: 0 });
  return a === undefined || b === undefined ? a === b : equalBytes(bytesOf(a), bytesOf(b));
}
