import type { WorkspaceDir } from '../server/workspace-dir.ts';
import type { StoreKind } from './open-bench-log.ts';
import { runTask } from './run-task.ts';
import type { ThroughputCase, ThroughputFigures } from './throughput.ts';

/** One row of the first table. */
export interface ThroughputRow extends Pick<ThroughputCase, 'store' | 'entryBytes' | 'aCall' | 'inFlight'> {
  readonly figures: ThroughputFigures;
  /** Entries a second that are asked for. */
  readonly target: number | undefined;
}

const WAYS = [
  { aCall: 64, inFlight: 4096 },
  { aCall: 1, inFlight: 512 },
] as const;
const STORES: readonly StoreKind[] = ['posix, no dedupe index', 'posix', 'memory'];
const SIZES = [128, 1024] as const;
const TARGETS: ReadonlyMap<number, number> = new Map([
  [64, 60_000],
  [1, 20_000],
]);

/** Every store, entry size and way of adding, one after another. */
export async function runThroughput(
  workspace: WorkspaceDir,
  seconds: number,
  say: (line: string) => void,
): Promise<ThroughputRow[]> {
  const rows: ThroughputRow[] = [];
  for (const store of STORES) {
    for (const entryBytes of SIZES) {
      for (const { aCall, inFlight } of WAYS) {
        const { storageDir, origin } = await workspace.place(`throughput-${rows.length}`);
        const where = { store, directory: storageDir, keyPem: workspace.keyPem, origin };
        const task = { ...where, entryBytes, aCall, inFlight, warmUpSeconds: seconds / 3, seconds };
        const figures = await runTask<ThroughputFigures>({ do: 'throughput', task }, say);
        // The figure asked for is that of entries of 1 KiB on a disk; a raw log keeps no index.
        const target = store === STORES[0] && entryBytes === 1024 ? TARGETS.get(aCall) : undefined;
        rows.push({ store, entryBytes, aCall, inFlight, figures, target });
        say(`  ${store}, ${entryBytes} bytes, ${aCall} a call: ${Math.round(figures.rate)} entries/s`);
      }
    }
  }
  return rows;
}
