import { expect, test } from 'vitest';
import { callTree, hottest } from './call-tree.ts';
import { flameGraph } from './flame-graph.ts';

const frame = (functionName: string, url = '', lineNumber = 0) => ({ functionName, url, lineNumber });
const PROFILE = JSON.stringify({
  nodes: [
    { id: 1, callFrame: frame('(root)'), children: [2, 5] },
    { id: 2, callFrame: frame('serve', 'file:///x/packages/log/src/a.ts', 4), children: [3, 4] },
    { id: 3, callFrame: frame('hash<T>', 'node:crypto', 9) },
    {
      id: 4,
      callFrame: frame('', 'file:///x/node_modules/.pnpm/hono@1/node_modules/hono/dist/hono.js', 0),
      children: [6],
    },
    { id: 5, callFrame: frame('(idle)') },
    { id: 6, callFrame: frame('hash<T>', 'node:crypto', 9) },
  ],
  samples: [2, 3, 3, 4, 5, 6],
  timeDeltas: [1000, 2000, 2000, 500, 9000, 500],
});

test('time is added up along the calls, idle time is none, and a function is named by where it is', () => {
  const tree = callTree(PROFILE, 'main thread');
  expect(tree.totalMs).toBeCloseTo(6);
  const [serve] = [...tree.children.values()];
  expect(serve).toMatchObject({ name: 'serve', place: 'log/a.ts:5', selfMs: 1, totalMs: 6 });
  expect([...(serve?.children.values() ?? [])].map(({ name, place }) => [name, place])).toEqual([
    ['hash<T>', 'node:crypto:10'],
    ['(anonymous)', 'hono/dist/hono.js:1'],
  ]);
  expect(hottest(tree, 2)).toEqual([
    { name: 'hash<T>', place: 'node:crypto:10', selfMs: 4.5 },
    { name: 'serve', place: 'log/a.ts:5', selfMs: 1 },
  ]);
});

test('a flame graph has a box for each function, wide as its share, with its text escaped', () => {
  const svg = flameGraph('a < b', [callTree(PROFILE, 'main thread')]);
  expect(svg).toContain('a &lt; b: 0.0 s of CPU');
  const widths = [...svg.matchAll(/<g><title>(\S+) .*?width="([\d.]+)"/g)].map(([, name, width]) => [
    name,
    Number(width),
  ]);
  expect(widths).toEqual([
    ['main', 1584],
    ['serve', 1584],
    ['hash&lt;T&gt;', 1056],
    ['(anonymous)', 264],
    ['hash&lt;T&gt;', 132],
  ]);
});
