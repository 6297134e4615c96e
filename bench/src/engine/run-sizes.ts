import { writeFile } from 'node:fs/promises';
import { loadSignerFile } from '@tilewright/signer';
import { ourCommand } from '../server/commands.ts';
import { runCommand } from '../server/run-command.ts';
import type { WorkspaceDir } from '../server/workspace-dir.ts';
import type { SizeCase, SizeFigures } from './at-size.ts';
import { runTask } from './run-task.ts';

/** One row of the second table. */
export interface SizeRow extends SizeFigures {
  /** `log fsck`, with the files in the page cache. */
  readonly warmFsckSeconds: number;
  /** The same with an empty page cache; absent where this user may not empty it. */
  readonly coldFsckSeconds: number | undefined;
  /** From nothing to ready for entries, with an empty page cache. */
  readonly coldOpenMs: number | undefined;
}

const ENTRY_BYTES = 128;
/** Twice as many as the dedupe index sorts in at one time, at any size. */
const MEASURED = 600_000;

/** One log, taken to each power of ten up to `largest`, and measured there. */
export async function runSizes(
  workspace: WorkspaceDir,
  largest: number,
  say: (line: string) => void,
  mayEmptyCache = true,
): Promise<SizeRow[]> {
  const { storageDir, origin } = await workspace.place('sizes');
  const rows: SizeRow[] = [];
  for (let size = 1000; size <= largest; size *= 10) {
    const where = { store: 'posix', directory: storageDir, keyPem: workspace.keyPem, origin } as const;
    const task: SizeCase = {
      ...where,
      entryBytes: ENTRY_BYTES,
      size,
      measured: Math.min(MEASURED, Math.max(4000, size / 4)),
    };
    say(`  growing to ${size} entries`);
    await runTask<number>({ do: 'grow', task }, say);
    const figures = await runTask<SizeFigures>({ do: 'at-size', task }, say);
    const { vkey } = loadSignerFile(workspace.keyPem, origin);
    const fsck = (): Promise<number> => timeFsck(storageDir, vkey);
    await fsck();
    const warmFsckSeconds = await fsck();
    const coldFsckSeconds = mayEmptyCache && (await emptyPageCache()) ? await fsck() : undefined;
    const cold = coldFsckSeconds === undefined ? undefined : await coldOpening(task, say);
    rows.push({ ...figures, warmFsckSeconds, coldFsckSeconds, coldOpenMs: cold });
    say(`  ${size} entries: ${figures.cpuMicroseconds.toFixed(1)} µs, opened in ${figures.openMs.toFixed(0)} ms`);
  }
  return rows;
}

async function coldOpening(task: SizeCase, say: (line: string) => void): Promise<number> {
  await emptyPageCache();
  return (await runTask<SizeFigures>({ do: 'at-size', task: { ...task, measured: 0 } }, say)).openMs;
}

async function timeFsck(directory: string, vkey: string): Promise<number> {
  const started = performance.now();
  const { code, output } = await runCommand(ourCommand(['log', 'fsck', directory, '--vkey', vkey]));
  if (code !== 0) throw new Error(`log fsck ended with ${code}:\n${output}`);
  return (performance.now() - started) / 1000;
}

/** Linux, as root: the next reads come from the disk. */
async function emptyPageCache(): Promise<boolean> {
  try {
    await runCommand(['sync']);
    await writeFile('/proc/sys/vm/drop_caches', '3');
    return true;
  } catch {
    return false;
  }
}
