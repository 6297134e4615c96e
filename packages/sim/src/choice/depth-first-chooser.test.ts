import { expect, test } from 'vitest';
import { DepthFirstChooser } from './depth-first-chooser.ts';

test('every history within the budget is run, once', () => {
  const chooser = new DepthFirstChooser({ crash: 1 });
  const seen: string[] = [];
  do {
    const order = chooser.pick('order', 3, 1);
    const crash = chooser.pick('crash', 2, 1);
    const again = order === 2 ? chooser.pick('crash', 2, 1) : 'none';
    seen.push(`${order} ${crash} ${again}`);
  } while (chooser.next());
  expect(seen).toEqual(['0 0 none', '0 1 none', '1 0 none', '1 1 none', '2 0 0', '2 0 1', '2 1 0']);
});

test('histories that begin alike are a part of all', () => {
  const chooser = new DepthFirstChooser({}, [0, 1]);
  const seen: string[] = [];
  do {
    seen.push([chooser.pick('order', 2, 1), chooser.pick('order', 2, 1), chooser.pick('order', 2, 1)].join(''));
  } while (chooser.next());
  expect(seen).toEqual(['010', '011']);
});
