import { describe, expect, test } from 'vitest';
import type { FsOperation } from '../testing/simulated-fault.ts';
import { type FaultCase, operationsOf, runFaultCase } from './fault-case.ts';
import { crashedImage, emptyImage, type Image } from './images.ts';

/** Everything that can become of an operation, and of what was not synced by then. */
function fates(operation: FsOperation, at: number): Pick<FaultCase, 'fault' | 'loss'>[] {
  const isSync = operation.purpose !== undefined;
  const needsRoom = ['create', 'pwrite', 'mkdir', 'link', 'truncate'].includes(operation.kind);
  const failing = { kind: 'error', errno: 'EIO' } as const;
  return [
    { fault: failing, loss: 0 },
    { fault: { kind: 'stop-after' }, loss: 'none' },
    { fault: { kind: isSync ? 'stop-before' : 'stop-after' }, loss: 2 + at },
    // Only a sync changes what a power loss leaves for certain.
    ...(isSync
      ? [{ fault: { kind: 'stop-before' }, loss: 0 } as const, { fault: failing, loss: 'none' } as const]
      : []),
    ...(needsRoom ? [{ fault: { kind: 'error', errno: 'ENOSPC' }, loss: 'none' } as const] : []),
    ...(operation.kind === 'pwrite' ? [{ fault: { kind: 'short', bytes: 100 }, loss: 0 } as const] : []),
  ];
}

async function table(image: Image): Promise<{ readonly name: string; readonly row: FaultCase }[]> {
  const operations = await operationsOf(image);
  return operations.flatMap((operation, at) =>
    fates(operation, at).map((fate) => ({
      name: `${at} ${operation.kind} ${operation.path} (${operation.purpose ?? ''}): ${JSON.stringify(fate)}`,
      row: { image, at, ...fate },
    })),
  );
}

describe.each([
  ['making a log', async () => emptyImage()],
  ['going on after a crash', crashedImage],
] as const)('%s', (_, image) => {
  test('whatever fails, and whatever a power loss keeps, every promise holds', async () => {
    const rows = await table(await image());
    const broken: string[] = [];
    for (const { name, row } of rows) {
      await runFaultCase(row).catch((error: unknown) => broken.push(`${name}: ${String(error)}`));
    }
    // A broken rule breaks hundreds of rows: a few of them tell which.
    expect({ broken: broken.length, of: rows.length, first: broken.slice(0, 5) }).toEqual({
      broken: 0,
      of: rows.length,
      first: [],
    });
    expect(rows.length).toBeGreaterThan(300);
  }, 300_000);
});
