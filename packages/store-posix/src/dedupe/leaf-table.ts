import type { Hash } from '@tilewright/core/bytes';

/** Bytes of a leaf hash that tell leaves apart here: nobody can find two leaves that agree in so many. */
export const KEY_SIZE = 16;
const WORDS = KEY_SIZE / 4;
const SMALLEST = 1024;

/** Leaf hash to index, in flat memory: 24 bytes a slot, half of them in use, nothing for a garbage collector to walk. */
export class LeafTable {
  #words: Uint32Array = new Uint32Array(SMALLEST * WORDS);
  /** Index plus one; 0 is a free slot. */
  #indexes: Float64Array = new Float64Array(SMALLEST);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  find(id: Hash): number | undefined {
    const slot = this.#slotOf(new DataView(id.buffer, id.byteOffset, KEY_SIZE));
    const found = this.#indexes[slot] ?? 0;
    return found === 0 ? undefined : found - 1;
  }

  /** Remembers `index` unless the leaf is there already: the earliest stays. */
  add(id: Hash, index: number): void {
    if (2 * this.#count >= this.#indexes.length) this.#grow();
    const key = new DataView(id.buffer, id.byteOffset, KEY_SIZE);
    const slot = this.#slotOf(key);
    if (this.#indexes[slot] !== 0) return;
    for (let word = 0; word < WORDS; word++) this.#words[slot * WORDS + word] = key.getUint32(4 * word);
    this.#indexes[slot] = index + 1;
    this.#count += 1;
  }

  /** The slots in use, in the order of their keys' first four bytes. */
  sortedSlots(): Float64Array {
    const slots = this.#indexes.length;
    const order = new Float64Array(this.#count);
    let at = 0;
    for (let slot = 0; slot < slots; slot++) {
      // One number a slot sorts without a callback: 32 bits of key, then the slot.
      if (this.#indexes[slot] !== 0) order[at++] = (this.#words[slot * WORDS] ?? 0) * slots + slot;
    }
    order.sort();
    for (let i = 0; i < order.length; i++) order[i] = (order[i] ?? 0) % slots;
    return order;
  }

  /** Copies the key in `slot`. */
  keyAt(slot: number): Uint8Array {
    const key = new Uint8Array(KEY_SIZE);
    const view = new DataView(key.buffer);
    for (let word = 0; word < WORDS; word++) view.setUint32(4 * word, this.#words[slot * WORDS + word] ?? 0);
    return key;
  }

  indexAt(slot: number): number {
    return (this.#indexes[slot] ?? 0) - 1;
  }

  /** The slot that holds this key, or the free one where it belongs. */
  #slotOf(key: DataView): number {
    const slots = this.#indexes.length;
    for (let slot = key.getUint32(0) % slots; ; slot = (slot + 1) % slots) {
      if (this.#indexes[slot] === 0 || this.#holds(slot, key)) return slot;
    }
  }

  #holds(slot: number, key: DataView): boolean {
    for (let word = 0; word < WORDS; word++) {
      if (this.#words[slot * WORDS + word] !== key.getUint32(4 * word)) return false;
    }
    return true;
  }

  #grow(): void {
    const [words, indexes] = [this.#words, this.#indexes];
    this.#words = new Uint32Array(2 * words.length);
    this.#indexes = new Float64Array(2 * indexes.length);
    this.#count = 0;
    const key = new Uint8Array(KEY_SIZE);
    const view = new DataView(key.buffer);
    for (let slot = 0; slot < indexes.length; slot++) {
      if (indexes[slot] === 0) continue;
      for (let word = 0; word < WORDS; word++) view.setUint32(4 * word, words[slot * WORDS + word] ?? 0);
      this.add(key as Uint8Array as Hash, (indexes[slot] ?? 0) - 1);
    }
  }
}
