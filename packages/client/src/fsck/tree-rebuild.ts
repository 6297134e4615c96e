import type { Hash } from '@tilewright/core/bytes';
import type { Tree } from '@tilewright/core/merkle';
import { bundlePath, TILE_WIDTH, tilePath, tileRoot } from '@tilewright/core/tiles';
import type { TileSource } from '../source/tile-source.ts';
import { type EdgeTile, judgeEdge } from './judge-edge.ts';
import { completeHashes, judgeFullTile, type MaybeHash, type Verdict } from './judge-tile.ts';
import { checkLeftovers, knownBundle, knownTile } from './leftovers.ts';
import type { Findings } from './report.ts';
import { reportUnreadable, type Stored, type StoredObjects } from './stored-objects.ts';

/** The tile that is filling up at one level. */
interface Filling {
  index: number;
  hashes: MaybeHash[];
}

/**
 * Computes a tree from its bundles, left to right, and compares each tile with the stored one as soon as it is
 * complete. Holds one tile a level, and at the end the last bundle.
 */
export class TreeRebuild {
  readonly #source: TileSource;
  readonly #tree: Tree;
  readonly #objects: StoredObjects;
  readonly #findings: Findings;
  readonly #signal: AbortSignal | undefined;
  /** By level. */
  readonly #filling: Filling[] = [];
  /** Bundle and level-0 tile at the right edge, when partial. */
  #last: { bundle: Stored<Uint8Array>; tile: Stored<Hash> } | undefined;

  constructor(
    source: TileSource,
    tree: Tree,
    objects: StoredObjects,
    findings: Findings,
    signal: AbortSignal | undefined,
  ) {
    this.#source = source;
    this.#tree = tree;
    this.#objects = objects;
    this.#findings = findings;
    this.#signal = signal;
  }

  /** Adds the next bundle with the level-0 tile of the same place. */
  async addBundle(
    width: number,
    bundle: Stored<Uint8Array>,
    tile: Stored<Hash>,
    leafHashes: readonly Hash[] | undefined,
  ): Promise<void> {
    reportUnreadable(bundle, this.#findings);
    this.#findings.checked.bundles += 1;
    this.#findings.checked.entries += width;
    const level = this.#levelAt(0);
    level.hashes = [...(leafHashes ?? new Array<MaybeHash>(width).fill(undefined))];
    if (width === TILE_WIDTH) await this.#closeTile(0, tile, bundle);
    else this.#last = { bundle, tile };
  }

  /** Judges the partial tiles at the right edge together, against the signed root. */
  async finish(): Promise<void> {
    const edge: (EdgeTile & { readonly index: number; readonly tile: Stored<Hash> })[] = [];
    for (const [level, { index, hashes }] of this.#filling.entries()) {
      if (hashes.length === 0) continue;
      const id = { level, index, width: hashes.length };
      const tile = level === 0 && this.#last ? this.#last.tile : await this.#objects.tile(id, this.#signal);
      reportUnreadable(tile, this.#findings);
      this.#findings.checked.tiles += 1;
      edge.push({ level, index, derived: hashes, stored: tile.items, tile });
    }
    const { verdicts, leadsToRoot } = judgeEdge(edge, this.#tree);
    for (const [i, { level, index, tile }] of edge.entries()) {
      const verdict = verdicts[i];
      if (verdict !== undefined) await this.#settle(level, index, tile, verdict, this.#last?.bundle);
    }
    if (!leadsToRoot) {
      const what = `entries and tiles do not lead to the root that it signs for size ${this.#tree.size}`;
      this.#findings.damage('checkpoint', what);
    }
  }

  /** Judges a full tile and hands its hash to the level above. */
  async #closeTile(level: number, tile: Stored<Hash>, bundle: Stored<Uint8Array> | undefined): Promise<void> {
    const filling = this.#levelAt(level);
    const { index, hashes: derived } = filling;
    reportUnreadable(tile, this.#findings);
    this.#findings.checked.tiles += 1;
    let verdict = judgeFullTile(derived, tile.items, undefined);
    let root: MaybeHash;
    if (verdict.tileIsWrong || completeHashes(verdict.hashes) === undefined) {
      const above = await this.#objects.above(level, index, this.#signal);
      verdict = judgeFullTile(derived, tile.items, above);
      root = above;
    }
    await this.#settle(level, index, tile, verdict, bundle);
    const complete = completeHashes(verdict.hashes);
    filling.index += 1;
    filling.hashes = [];
    const parent = this.#levelAt(level + 1);
    parent.hashes.push(complete === undefined ? root : tileRoot(complete));
    if (parent.hashes.length < TILE_WIDTH) return;
    const id = { level: level + 1, index: parent.index, width: TILE_WIDTH };
    await this.#closeTile(level + 1, await this.#objects.tile(id, this.#signal), undefined);
  }

  /** Records who is to blame, and compares what else there is of this tile and its bundle. */
  async #settle(
    level: number,
    index: number,
    tile: Stored<Hash>,
    verdict: Verdict,
    bundle: Stored<Uint8Array> | undefined,
  ): Promise<void> {
    if (verdict.tileIsWrong) this.#findings.damage(tile.path, 'does not hold the hashes of what is below it');
    // When the tile is wrong as well, nothing speaks against what is below: that was compared on its own.
    if (level > 0 && !verdict.tileIsWrong) this.#blameChildren(level - 1, index * TILE_WIDTH, verdict.wrongBelow);
    await checkLeftovers(
      this.#source,
      knownTile(level, index, verdict.hashes),
      tile.path,
      this.#findings,
      this.#signal,
    );
    if (level > 0 || bundle === undefined) return;
    const [first, ...more] = verdict.wrongBelow;
    if (first !== undefined) {
      const others = more.length === 0 ? '' : ` (and ${more.length} more)`;
      this.#findings.damage(bundle.path, `entry ${first}${others} does not have the hash that the tree holds`);
    }
    const known = knownBundle(index, verdict.hashes, bundle.items, verdict.wrongBelow);
    await checkLeftovers(this.#source, known, bundle.path, this.#findings, this.#signal);
  }

  /** Full tiles that agree with what is below them, but not with the verified tile above: changed together. */
  #blameChildren(level: number, firstIndex: number, positions: readonly number[]): void {
    for (const position of positions) {
      const id = { level, index: firstIndex + position, width: TILE_WIDTH };
      const what = 'and what is below it agree with each other, but not with the signed tree above';
      this.#findings.damage(tilePath(id), what);
      if (level === 0)
        this.#findings.damage(bundlePath(id), 'and its tile agree with each other, but not with the signed tree');
    }
  }

  #levelAt(level: number): Filling {
    for (let missing = this.#filling.length; missing <= level; missing++) this.#filling.push({ index: 0, hashes: [] });
    return this.#filling[level] ?? { index: 0, hashes: [] };
  }
}
