import { asHash, asLeafIndex, asTreeSize, type Hash } from '@tilewright/core/bytes';
import type { Placement, Publication, Receipt } from '@tilewright/log';
import { type CrossingPublication, NO_PROOF, NO_PUBLICATION, type Receipts } from './messages.ts';

const HASH_BYTES = 32;

/** What the log told a submitter: with `publication` when it waited for one. */
export type Told = Placement & Partial<Pick<Receipt, 'publication' | 'proof'>>;

/** Numbers publications as they go out, so that the other side knows one that it has seen. */
export class PublicationNumbers {
  readonly #known = new WeakMap<Publication, CrossingPublication>();
  #next = 0;

  crossing(publication: Publication): CrossingPublication {
    const known = this.#known.get(publication);
    if (known !== undefined) return known;
    const { tree, note } = publication;
    // Copies: a view crosses with all of the buffer that it looks into.
    const crossing = { number: this.#next++, size: tree.size, root: tree.root.slice(), note: note.slice() };
    this.#known.set(publication, crossing);
    return crossing;
  }
}

/** The other side's: one object a publication, because what is made of it is kept by its identity. */
export class SeenPublications {
  #latest: { readonly number: number; readonly publication: Publication } | undefined;

  publication({ number, size, root, note }: CrossingPublication): Publication {
    if (this.#latest?.number === number) return this.#latest.publication;
    const publication = { tree: { size: asTreeSize(size), root: asHash(root as Hash) }, note };
    if (this.#latest === undefined || number > this.#latest.number) this.#latest = { number, publication };
    return publication;
  }
}

/** Puts what submitters were told into a few arrays; `ids` names them in the same order. Few publications at one time. */
export function packReceipts(ids: readonly number[], told: readonly Told[], numbers: PublicationNumbers): Receipts {
  const count = told.length;
  const indexes = new Float64Array(count);
  const duplicates = new Uint8Array(count);
  const covers = new Uint16Array(count).fill(NO_PUBLICATION);
  const proofLengths = new Uint8Array(count).fill(NO_PROOF);
  const places = new Map<Publication, number>();
  let hashCount = 0;
  for (const [i, { index, duplicate, publication, proof }] of told.entries()) {
    indexes[i] = index;
    duplicates[i] = duplicate ? 1 : 0;
    if (publication !== undefined) covers[i] = placeOf(places, publication);
    if (proof === undefined) continue;
    proofLengths[i] = proof.length;
    hashCount += proof.length;
  }
  const hashes = new Uint8Array(hashCount * HASH_BYTES);
  let at = 0;
  for (const { proof } of told) {
    if (proof === undefined) continue;
    for (const hash of proof) {
      hashes.set(hash, at);
      at += HASH_BYTES;
    }
  }
  const publications = [...places.keys()].map((publication) => numbers.crossing(publication));
  return {
    type: 'receipts',
    ids: Uint32Array.from(ids),
    indexes,
    duplicates,
    covers,
    proofLengths,
    hashes,
    publications,
  };
}

function placeOf(places: Map<Publication, number>, publication: Publication): number {
  const known = places.get(publication);
  if (known !== undefined) return known;
  places.set(publication, places.size);
  return places.size - 1;
}

/** Tells each submitter of a message what the log told it; the hashes are views of the message's bytes. */
export function unpackReceipts(
  receipts: Receipts,
  seen: SeenPublications,
  tell: (id: number, told: Told) => void,
): void {
  const publications = receipts.publications.map((crossing) => seen.publication(crossing));
  let at = 0;
  for (const [i, id] of receipts.ids.entries()) {
    const index = asLeafIndex(receipts.indexes[i] ?? 0);
    const duplicate = receipts.duplicates[i] === 1;
    const publication = publications[receipts.covers[i] ?? NO_PUBLICATION];
    const length = receipts.proofLengths[i] ?? NO_PROOF;
    if (publication === undefined) {
      tell(id, { index, duplicate });
    } else if (length === NO_PROOF) {
      tell(id, { index, duplicate, publication, proof: undefined });
    } else {
      const end = at + length * HASH_BYTES;
      tell(id, { index, duplicate, publication, proof: hashesOf(receipts.hashes, at, end) });
      at = end;
    }
  }
}

function hashesOf(bytes: Uint8Array<ArrayBuffer>, from: number, to: number): Hash[] {
  const hashes: Hash[] = [];
  for (let at = from; at < to; at += HASH_BYTES) hashes.push(asHash(bytes.subarray(at, at + HASH_BYTES)));
  return hashes;
}
