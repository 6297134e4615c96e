import { expect, test } from 'vitest';
import { liveView } from './live-view.ts';

function screen(isTerminal: boolean) {
  const written: string[] = [];
  return { isTerminal, columns: 20, write: (text: string) => void written.push(text), written };
}

test('on a terminal the lines are drawn in their place, cut to its width', () => {
  const terminal = screen(true);
  const view = liveView(terminal, 0);
  view.say('before');
  view.update(() => ['one', 'a line that is too long for it'], 1);
  view.update(() => ['two', 'x'], 2);
  view.end();
  view.say('after');
  expect(terminal.written).toEqual(['before\n', 'one\na line that is too \n', '\x1b[2A\r\x1b[Jtwo\nx\n', 'after\n']);
});

test('elsewhere a plain line every two seconds', () => {
  const file = screen(false);
  const view = liveView(file, 0);
  for (let ms = 250; ms <= 4_000; ms += 250) view.update(() => [`${ms}`, 'middle', 'last'], ms);
  expect(file.written).toEqual(['2000; last\n', '4000; last\n']);
});
