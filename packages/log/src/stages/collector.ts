import { asTreeSize } from '@tilewright/core/bytes';
import { bundlePath, type FullTilePath, fullPath, type TileShape, tilePath } from '@tilewright/core/tiles';
import type { EngineState } from '../engine/engine-state.ts';

/** A full tile or bundle. */
interface CompletedTile {
  readonly path: FullTilePath;
  /** The index of its first entry. */
  readonly start: number;
}

/** Full tiles and bundles completed while the tree grew from `from` to `to`: their partials are superseded. */
export function completedBetween(from: number, to: number, shape: TileShape): CompletedTile[] {
  const { width } = shape;
  const tiles: CompletedTile[] = [];
  for (let level = 0; to / width ** (level + 1) >= 1; level++) {
    const span = width ** (level + 1);
    for (let index = Math.floor(from / span); index < Math.floor(to / span); index++) {
      const start = index * span;
      tiles.push({ path: fullPath(tilePath({ level, index, width }, shape)), start });
      if (level === 0) tiles.push({ path: fullPath(bundlePath({ index, width }, shape)), start });
    }
  }
  return tiles;
}

/**
 * Removes partial tiles behind the *published* size, where the full tile exists (tlog-tiles, Partial Tiles).
 * A failed removal is told and skipped: a stray partial holds correct bytes, and must not stop the cursor.
 */
export class Collector {
  readonly #state: EngineState;

  constructor(state: EngineState) {
    this.#state = state;
  }

  /** Runs until the log stops. */
  async run(): Promise<void> {
    const { deps, options, stop } = this.#state;
    while (!stop.signal.aborted && !this.#state.closing) {
      await deps.clock.sleep(options.collectIntervalMs, stop.signal);
      if (stop.signal.aborted || this.#state.closing) return;
      try {
        await this.collect();
        this.#state.stalls.leave('collect');
      } catch (error) {
        this.#state.stalls.enter(
          'collect',
          `superseded partial tiles cannot be removed: ${error instanceof Error ? error.message : 'unknown error'}`,
        );
      }
    }
  }

  /** Removes everything superseded since the cursor, then moves the cursor. */
  async collect(): Promise<void> {
    const { publication, stop, shape } = this.#state;
    const goal = Math.floor(publication.tree.size / shape.width) * shape.width;
    // Between two moves of the cursor: bounds memory, and what a restart does again.
    const stride = shape.width ** 2;
    while (this.#state.collected < goal && !stop.signal.aborted) {
      const from = this.#state.collected;
      await this.#collectTo(from, Math.min(goal, Math.floor(from / stride + 1) * stride));
    }
  }

  async #collectTo(from: number, to: number): Promise<void> {
    const { deps, stop, shape, partials } = this.#state;
    for (const { path, start } of completedBetween(from, to, shape)) {
      if (stop.signal.aborted) return;
      await deps.objects.dropPartials(path, partials.take(path, start)).catch((error: unknown) => {
        const why = error instanceof Error ? error.message : 'unknown error';
        deps.events.emit({ type: 'repaired', path, detail: `its partials could not be removed: ${why}` });
      });
    }
    if (await deps.sequence.collect(asTreeSize(from), asTreeSize(to))) {
      this.#state.collected = to;
      deps.events.emit({ type: 'collected', from, to });
    } else {
      this.#state.collected = (await deps.sequence.head()).collected;
    }
  }
}
