import { asTreeSize, type Hash } from '@tilewright/core/bytes';
import { sha256 } from '@tilewright/core/hash';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BLOCK } from '../directory/layout.ts';
import { SimulatedDisk } from '../testing/simulated-disk.ts';
import { createRegister, Register, readRegister } from './register.ts';
import { decodeSlot, encodeSlot, type RegisterValue } from './register-codec.ts';

const logId = new Uint8Array(32).fill(9) as Uint8Array as Hash;
const value = (size: number, epoch = 3): RegisterValue => ({
  tree: { size: asTreeSize(size), root: sha256(new Uint8Array([size % 256])) },
  epoch,
});
const PATH = '/tree';

async function newRegister(): Promise<{ disk: SimulatedDisk; register: Register }> {
  const disk = new SimulatedDisk();
  await createRegister(disk.process(), PATH, 'tree', logId, value(5));
  return { disk, register: await Register.open(disk.process(), PATH, 'tree', logId) };
}

test('a slot survives the round trip', () => {
  const count = fc.integer({ min: 0, max: 2 ** 52 });
  fc.assert(
    fc.property(count, count, count, (size, epoch, sequence) => {
      const slot = { ...value(0), tree: { ...value(size).tree, size: asTreeSize(size) }, epoch, sequence };
      expect(decodeSlot('floor', logId, encodeSlot('floor', logId, slot))).toEqual(slot);
    }),
  );
});

test('no single bit of a slot can change unnoticed', () => {
  const bytes = encodeSlot('tree', logId, { ...value(77), sequence: 4 });
  for (let at = 0; at < BLOCK; at++) {
    const changed = bytes.slice();
    changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
    expect(decodeSlot('tree', logId, changed)).toBeUndefined();
  }
});

test('a slot of another register, another log or another length is none', () => {
  const bytes = encodeSlot('tree', logId, { ...value(77), sequence: 4 });
  expect(decodeSlot('floor', logId, bytes)).toBeUndefined();
  expect(decodeSlot('tree', new Uint8Array(32) as Uint8Array as Hash, bytes)).toBeUndefined();
  expect(decodeSlot('tree', logId, bytes.subarray(0, BLOCK - 1))).toBeUndefined();
});

test('a slot with a number that nothing can count on from is none, though its checksum fits', () => {
  for (const number of [2 ** 52 + 1, 2 ** 53, 2 ** 60]) {
    const size = {
      ...value(0),
      tree: { ...value(0).tree, size: number as ReturnType<typeof asTreeSize> },
      sequence: 1,
    };
    for (const slot of [size, { ...value(7, number), sequence: 1 }, { ...value(7), sequence: number }]) {
      expect(decodeSlot('tree', logId, encodeSlot('tree', logId, slot))).toBeUndefined();
    }
  }
});

test('the newest value is what is read, also by others', async () => {
  const { disk, register } = await newRegister();
  for (let size = 6; size < 12; size++) {
    await register.write(value(size), 'tree-advanced');
    expect(register.reading).toEqual({ value: value(size), damaged: false });
    expect(await readRegister(disk.process(), PATH, 'tree', logId)).toEqual({ value: value(size), damaged: false });
  }
});

test('a torn write leaves the value before it', async () => {
  for (let torn = 1; torn < BLOCK; torn += 97) {
    const { disk, register } = await newRegister();
    await register.write(value(6), 'tree-advanced');
    let writes = 0;
    const process = disk.process(({ kind }) => {
      if (kind !== 'pwrite') return undefined;
      return writes++ === 0 ? { kind: 'short', bytes: torn } : { kind: 'stop-before' };
    });
    const other = await Register.open(process, PATH, 'tree', logId);
    await expect(other.write(value(7), 'tree-advanced')).rejects.toThrow();
    // Up to the checksum nothing of the old slot may be left for the tear to show.
    const found = await Register.open(disk.process(), PATH, 'tree', logId);
    expect(found.reading.value).toEqual(torn > 140 ? value(7) : value(6));
  }
});

test('a damaged slot is told, and the next write heals it', async () => {
  const { disk, register } = await newRegister();
  await register.write(value(6), 'tree-advanced');
  disk.file(PATH).corrupt(20, (byte) => byte + 1);
  const found = await Register.open(disk.process(), PATH, 'tree', logId);
  expect(found.reading).toEqual({ value: value(5), damaged: true });
  await found.write(value(8), 'tree-advanced');
  expect((await Register.open(disk.process(), PATH, 'tree', logId)).reading).toEqual({
    value: value(8),
    damaged: false,
  });
});

test('after a write to all slots, losing any one loses nothing', async () => {
  for (const slot of [0, 1]) {
    const { disk, register } = await newRegister();
    await register.writeAll(value(9, 4), 'tree-opened');
    disk.file(PATH).corrupt(slot * BLOCK + 40, (byte) => byte + 1);
    expect((await Register.open(disk.process(), PATH, 'tree', logId)).reading).toEqual({
      value: value(9, 4),
      damaged: true,
    });
  }
});

test('a missing or empty file has no value, and can be written', async () => {
  const disk = new SimulatedDisk();
  const register = await Register.open(disk.process(), PATH, 'tree', logId);
  expect(register.reading).toEqual({ value: undefined, damaged: true });
  await register.writeAll(value(1), 'tree-opened');
  expect((await Register.open(disk.process(), PATH, 'tree', logId)).reading).toEqual({
    value: value(1),
    damaged: false,
  });
  expect(await readRegister(disk.process(), '/none', 'tree', logId)).toBeUndefined();
});

test('the epoch on the disk is read anew each time', async () => {
  const { disk, register } = await newRegister();
  expect(await register.storedEpoch()).toBe(3);
  await (await Register.open(disk.process(), PATH, 'tree', logId)).write(value(5, 4), 'tree-opened');
  expect(await register.storedEpoch()).toBe(4);
});
