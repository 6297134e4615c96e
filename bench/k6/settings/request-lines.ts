import { SharedArray } from 'k6/data';
import exec from 'k6/execution';
import type { Settings } from '../../src/scenarios/settings.ts';

/** Reads the prepared requests, once for all virtual users. */
export function requestLines({ requests }: Settings): readonly string[] {
  return new SharedArray('requests', () => {
    const lines = open(requests).split('\n');
    return lines.slice(0, -1);
  });
}

/** One of the requests; ends the run where there are no more, since none is sent twice. */
export function lineOf(lines: readonly string[], index: number): string {
  const line = lines[index];
  if (line === undefined) exec.test.abort(`all ${lines.length} prepared requests are used up`);
  return line ?? '';
}
