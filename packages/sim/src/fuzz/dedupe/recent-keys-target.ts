import type { Hash } from '@tilewright/core/bytes';
import { type FuzzOutcome, FuzzRandom, type FuzzTarget, must, mutateBytes } from '@tilewright/fuzz';
import { PosixError } from '@tilewright/store-posix';
import { checkRecent, KEY_SIZE, LAYOUT, LeafTable } from '@tilewright/store-posix/testing';

const REACHES = [
  'rows that do not continue one another',
  'keys that are none',
  'another end than is covered',
  'an empty index',
  'a table of all keys',
  'a table that grew',
  'a key that is there twice',
] as const;
type Row = Record<string, unknown>;

/** How a table of the rows is made: the real code, or code with a defect that is to be found. */
export type LoadRecent = (rows: readonly Row[], covered: number) => LeafTable;

/** As the dedupe index does it when it opens. */
export function loadRecent(rows: readonly Row[], covered: number): LeafTable {
  const table = new LeafTable();
  for (const { first, keys } of checkRecent(rows, covered)) {
    for (let at = 0; at < keys.length; at += KEY_SIZE) {
      table.add(keys.subarray(at, at + KEY_SIZE) as Uint8Array as Hash, first + at / KEY_SIZE);
    }
  }
  return table;
}

/** Rows of the dedupe index as SQLite hands them over, and the table of leaves that is made of them. */
export function recentKeysTarget(load: LoadRecent = loadRecent): FuzzTarget {
  return {
    name: 'recent-keys',
    about: "the dedupe index's newest rows, and the leaf table in memory",
    perMillion: 1_000_000,
    reaches: REACHES,
    prepare(seed) {
      const random = new FuzzRandom(seed, 'recent-keys samples', 0);
      const samples = Array.from({ length: 12 }, (_, at) => drawRows(random, at === 0 ? 600 : 12));
      return { run: (draws) => run(draws, draws.chance(0.01) ? samples.slice(0, 1) : samples.slice(1), load) };
    },
  };
}

interface Rows {
  readonly rows: readonly { readonly first: number; readonly keys: Uint8Array }[];
  readonly covered: number;
}

/** Some rows of up to `most` keys. Leaves that begin alike are among them, and leaves that are there twice. */
function drawRows(random: FuzzRandom, most: number): Rows {
  const rows: { first: number; keys: Uint8Array }[] = [];
  let covered = random.int(random.pick([1, 500, 2 ** 40]));
  const known = random.bytes(KEY_SIZE);
  for (let count = random.int(6); count > 0; count--) {
    const keys = random.bytes(KEY_SIZE * (1 + random.int(most)));
    if (random.chance(0.5))
      keys.set(known.subarray(0, random.pick([4, KEY_SIZE])), KEY_SIZE * random.int(keys.length / KEY_SIZE));
    rows.push({ first: covered, keys });
    covered += keys.length / KEY_SIZE;
  }
  return { rows, covered };
}

function run(random: FuzzRandom, samples: readonly Rows[], load: LoadRecent): FuzzOutcome {
  const sample = random.pick(samples);
  const whole = random.chance(0.03);
  const rows: Row[] = sample.rows.map((row) => ({ ...row }));
  const how = whole ? [] : damage(random, rows, random.pick(samples));
  const covered = whole || random.chance(0.9) ? sample.covered : random.pick([0, sample.covered + 1, -1, 2 ** 53]);
  const verdict = judge(rows, covered);
  const kind = whole ? 'valid' : 'damaged';
  let table: LeafTable;
  try {
    table = load(rows, covered);
  } catch (error) {
    if (!(error instanceof PosixError)) throw error;
    must(verdict !== undefined, () => `whole rows are refused: ${error.message}`);
    must(error.code === 'corrupt' && error.path === LAYOUT.dedupe, () => `refused with '${error.code}', ${error.path}`);
    return { kind, how, reached: [verdict ?? ''] };
  }
  must(verdict === undefined, () => `taken for whole, is: ${verdict}`);
  return { kind, how, reached: checkTable(table, rows) };
}

function damage(random: FuzzRandom, rows: Row[], other: Rows): string[] {
  const how: string[] = [];
  for (let left = random.pick([1, 1, 2, 3]); left > 0; left--) {
    const at = random.int(rows.length);
    const row = rows[at];
    const ways: readonly (readonly [string, () => void])[] = [
      ['a row missing', () => void rows.splice(at, 1)],
      ['a row twice', () => void rows.splice(at, 0, { ...row })],
      ['rows swapped', () => void rows.splice(at, 2, ...rows.slice(at, at + 2).reverse())],
      ['another row', () => void rows.splice(at, 1, ...other.rows.slice(0, 1).map((one) => ({ ...one })))],
      ['another first index', () => row && Object.assign(row, { first: someFirst(random, row.first) })],
      [
        'no keys',
        () => row && Object.assign(row, { keys: random.pick([null, '', 0, new Uint8Array(0), 'text', [1]]) }),
      ],
      ['keys damaged', () => row && Object.assign(row, { keys: someKeys(random, row.keys) })],
    ];
    const [name, act] = random.pick(ways);
    act();
    how.push(name);
  }
  return how;
}

function someFirst(random: FuzzRandom, first: unknown): unknown {
  const near = Number(first) + random.pick([-1, 1, 0.5, -16]);
  return random.pick([near, near, -1, 0, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, null, '7', 7n]);
}

function someKeys(random: FuzzRandom, keys: unknown): unknown {
  if (!(keys instanceof Uint8Array)) return keys;
  const sample = { bytes: keys, fields: [], busy: [] };
  return mutateBytes(random, sample, sample, KEY_SIZE).bytes;
}

/** What is wrong with the rows; nothing when they are whole. */
function judge(rows: readonly Row[], covered: number): (typeof REACHES)[number] | undefined {
  let next: unknown = rows[0]?.first;
  if (rows.length > 0 && (!Number.isSafeInteger(next) || Number(next) < 0)) return REACHES[0];
  for (const { first, keys } of rows) {
    if (first !== next) return REACHES[0];
    if (!(keys instanceof Uint8Array) || keys.length < 1 || keys.length % KEY_SIZE > 0) return REACHES[1];
    next = Number(first) + keys.length / KEY_SIZE;
  }
  return rows.length > 0 && next !== covered ? REACHES[2] : undefined;
}

/** The table answers as a map of whole keys does, for every key and for keys that are one bit away. */
function checkTable(table: LeafTable, rows: readonly Row[]): string[] {
  const model = new Map<string, number>();
  let keysSeen = 0;
  for (const { first, keys } of rows) {
    if (!(keys instanceof Uint8Array)) continue;
    for (let at = 0; at < keys.length; at += KEY_SIZE) {
      keysSeen += 1;
      const key = keyAt(keys, at);
      if (!model.has(key)) model.set(key, Number(first) + at / KEY_SIZE);
    }
  }
  for (const [key, index] of model) {
    const bytes = Uint8Array.from(Buffer.from(key, 'latin1'));
    must(table.find(bytes as Uint8Array as Hash) === index, () => `leaf ${index} is not found where it is`);
    const at = (index * 7) % KEY_SIZE;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    const other = model.get(keyAt(bytes, 0));
    must(table.find(bytes as Uint8Array as Hash) === other, () => 'a leaf is found that nobody added');
  }
  must(table.count === model.size, () => `${table.count} leaves are counted, ${model.size} were added`);
  const reached: string[] = [model.size === 0 ? REACHES[3] : REACHES[4]];
  if (model.size > 512) reached.push(REACHES[5]);
  if (keysSeen > model.size) reached.push(REACHES[6]);
  return reached;
}

function keyAt(keys: Uint8Array, at: number): string {
  return Buffer.from(keys.buffer, keys.byteOffset + at, KEY_SIZE).toString('latin1');
}
