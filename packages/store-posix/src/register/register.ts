import type { Hash } from '@tilewright/core/bytes';
import { BLOCK, PRIVATE_FILE } from '../directory/layout.ts';
import { readSmallFile } from '../directory/read-small-file.ts';
import type { Fs, FsFile } from '../fs/fs.ts';
import type { SyncPurpose } from '../fs/sync-purpose.ts';
import { writeFully } from '../fs/write-fully.ts';
import {
  decodeSlot,
  encodeRegister,
  encodeSlot,
  type RegisterKind,
  type RegisterSlot,
  type RegisterValue,
} from './register-codec.ts';

const SLOTS = 2;

/** What was found when a register was opened. */
export interface RegisterReading {
  /** The value of the newest valid slot; nothing when no slot is valid. */
  readonly value: RegisterValue | undefined;
  /** Whether a slot could not be read: damaged, or torn by a power loss before its write was acknowledged. */
  readonly damaged: boolean;
}

/**
 * A small value that is replaced in place, durably, with one write and one sync: two slots of one block take turns,
 * so that a torn write leaves the previous value. Renaming a new file would cost a second sync, of the directory.
 */
export class Register {
  readonly #file: FsFile;
  readonly #kind: RegisterKind;
  readonly #logId: Hash;
  #slots: (RegisterSlot | undefined)[];

  private constructor(file: FsFile, kind: RegisterKind, logId: Hash, slots: (RegisterSlot | undefined)[]) {
    this.#file = file;
    this.#kind = kind;
    this.#logId = logId;
    this.#slots = slots;
  }

  /** Opens the register at `path`; one that is missing is made, without a valid slot. */
  static async open(fs: Fs, path: string, kind: RegisterKind, logId: Hash): Promise<Register> {
    const present = (await fs.stat(path)) !== undefined;
    const file = await fs.open(path, present ? 'write' : 'create', PRIVATE_FILE);
    return new Register(file, kind, logId, await readSlots(file, kind, logId));
  }

  /** What the register held when it was opened, and after every write since. */
  get reading(): RegisterReading {
    const newest = newestOf(this.#slots);
    return { value: newest && { tree: newest.tree, epoch: newest.epoch }, damaged: this.#slots.includes(undefined) };
  }

  /** The epoch on the medium right now, which another writer may have raised; nothing when no slot is valid. */
  async storedEpoch(): Promise<number | undefined> {
    return newestOf(await readSlots(this.#file, this.#kind, this.#logId))?.epoch;
  }

  /** Replaces the value; durable on return when there is a purpose. Without one it may fall back to the one before. */
  async write(value: RegisterValue, purpose?: SyncPurpose): Promise<void> {
    const newest = newestOf(this.#slots);
    const at = newest === undefined ? 0 : (this.#slots.indexOf(newest) + 1) % SLOTS;
    const slot: RegisterSlot = { tree: value.tree, epoch: value.epoch, sequence: (newest?.sequence ?? 0) + 1 };
    await writeFully(this.#file, encodeSlot(this.#kind, this.#logId, slot), at * BLOCK);
    if (purpose !== undefined) await this.#file.fdatasync(purpose);
    this.#slots = this.#slots.with(at, slot);
  }

  /**
   * Replaces the value in every slot, so that losing one slot loses nothing. Durable on return; that the other slot
   * follows with the next sync will do where it holds something valid until then. It must not be under way before the
   * first is durable.
   */
  async writeAll(value: RegisterValue, purpose: SyncPurpose): Promise<void> {
    const { damaged } = this.reading;
    await this.write(value, purpose);
    for (let slot = 1; slot < SLOTS; slot++) await this.write(value, damaged ? purpose : undefined);
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

/** Reads a register without opening it for writing; nothing when there is no such file. */
export async function readRegister(
  fs: Fs,
  path: string,
  kind: RegisterKind,
  logId: Hash,
): Promise<RegisterReading | undefined> {
  const bytes = await readSmallFile(fs, path, SLOTS * BLOCK);
  if (bytes === undefined) return undefined;
  const slots = slotsOf(bytes, kind, logId);
  const newest = newestOf(slots);
  return { value: newest && { tree: newest.tree, epoch: newest.epoch }, damaged: slots.includes(undefined) };
}

/** Makes the file of a register whose slots all hold `value`; with a purpose, durable but for its name. */
export async function createRegister(
  fs: Fs,
  path: string,
  kind: RegisterKind,
  logId: Hash,
  value: RegisterValue,
  purpose?: SyncPurpose,
): Promise<void> {
  const file = await fs.open(path, 'create', PRIVATE_FILE);
  await writeFully(file, encodeRegister(kind, logId, value), 0);
  if (purpose !== undefined) await file.fdatasync(purpose);
  await file.close();
}

async function readSlots(file: FsFile, kind: RegisterKind, logId: Hash): Promise<(RegisterSlot | undefined)[]> {
  const bytes = new Uint8Array(SLOTS * BLOCK);
  await file.pread(bytes, 0);
  return slotsOf(bytes, kind, logId);
}

function slotsOf(bytes: Uint8Array, kind: RegisterKind, logId: Hash): (RegisterSlot | undefined)[] {
  return Array.from({ length: SLOTS }, (_, at) =>
    decodeSlot(kind, logId, bytes.subarray(at * BLOCK, (at + 1) * BLOCK)),
  );
}

function newestOf(slots: readonly (RegisterSlot | undefined)[]): RegisterSlot | undefined {
  let newest: RegisterSlot | undefined;
  for (const slot of slots) if (slot !== undefined && slot.sequence >= (newest?.sequence ?? 0)) newest = slot;
  return newest;
}
