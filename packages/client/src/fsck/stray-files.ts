import { CoreError } from '@tilewright/core/error';
import { parseTilePath, widthAt } from '@tilewright/core/tiles';
import type { TileSource } from '../source/tile-source.ts';
import type { Findings } from './report.ts';

/** `tile/<level>/` and seven groups of an index and `.p`: nothing of a log lies deeper. */
const MAX_DEPTH = 10;

/** What lies beside `tile/` in a log's directory and is no stray: the checkpoint, and a server's private state. */
const KNOWN_AT_TOP: ReadonlySet<string> = new Set(['checkpoint', '.state']);

/**
 * Walks a directory and reports what no part of the checkpoint's tree has the name of: strays, and tiles and bundles
 * beyond its size. One directory is held in memory at a time, and its parents' names.
 */
export async function findStrayFiles(
  source: TileSource,
  size: number,
  findings: Findings,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const { name } of (await source.list?.('', signal)) ?? []) {
    if (name === 'tile') await walk(source, 'tile', size, findings, signal);
    else if (!KNOWN_AT_TOP.has(name)) findings.stray(name);
  }
}

async function walk(
  source: TileSource,
  directory: string,
  size: number,
  findings: Findings,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const { name, isDirectory } of (await source.list?.(directory, signal)) ?? []) {
    const path = `${directory}/${name}`;
    if (isDirectory && path.split('/').length < MAX_DEPTH) await walk(source, path, size, findings, signal);
    else classify(path, size, findings);
  }
}

function classify(path: string, size: number, findings: Findings): void {
  const parts = tilePathParts(path);
  if (parts === undefined) {
    findings.stray(path);
    return;
  }
  const { level, index, width } = parts;
  const inTree = widthAt(level, index, size);
  if (width > inTree) findings.unpublished(path);
}

function tilePathParts(path: string): { level: number; index: number; width: number } | undefined {
  try {
    const parts = parseTilePath(path);
    return parts.kind === 'hash' ? parts.tile : { level: 0, ...parts.bundle };
  } catch (error) {
    if (error instanceof CoreError) return undefined;
    throw error;
  }
}
