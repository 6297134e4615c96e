import { expect, test } from 'vitest';
import type { Io } from './io.ts';
import { progressLine } from './progress-line.ts';

function fakeIo(stderrIsTerminal: boolean): { io: Io; written: string[] } {
  const written: string[] = [];
  const io: Io = {
    out: () => undefined,
    err: (line) => void written.push(`${line}\n`),
    progress: (text) => void written.push(text),
    stderrIsTerminal,
    env: {},
    signal: new AbortController().signal,
  };
  return { io, written };
}

test('on a terminal the line is overwritten and cleared', () => {
  const { io, written } = fakeIo(true);
  let now = 0;
  const line = progressLine(io, () => now);
  line.update('too early');
  now += 200;
  line.update('checked 10');
  now += 200;
  line.update('9');
  line.end();
  expect(written).toEqual(['\rchecked 10', '\r9         ', `\r${' '.repeat(10)}\r`]);
});

test('elsewhere it is a line every few seconds, and nothing for short work', () => {
  const { io, written } = fakeIo(false);
  let now = 0;
  const line = progressLine(io, () => now);
  for (const text of ['a', 'b', 'c']) {
    now += 2600;
    line.update(text);
  }
  line.end();
  expect(written).toEqual(['b\n']);
});
