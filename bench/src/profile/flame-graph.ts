import type { CallNode } from './call-tree.ts';

const WIDTH = 1600;
const ROW = 17;
/** Narrower boxes are left out: nobody could read them, and a profile has a hundred thousand. */
const NARROWEST = 0.4;
const CHARACTER = 6.2;
const MARGIN = 8;
const TITLE = 34;

/** Colours by where the code is from: ours, Node's, other packages, the engine. */
const COLOURS: readonly (readonly [RegExp, string])[] = [
  [/^node:/, '#9db8d9'],
  [/^(core|log|store-posix|rekor-server|rekor-entry|rekor-proto|signer|client|tilewright)\//, '#f0a35e'],
  [/./, '#b7d6a4'],
];

/**
 * A flame graph as one SVG file without scripts: each box is a function, as wide as the time that was seen in it and
 * below it, on top of its caller. Its tooltip says which and how much.
 */
export function flameGraph(title: string, threads: readonly CallNode[]): string {
  const total = threads.reduce((sum, { totalMs }) => sum + totalMs, 0);
  const scale = (WIDTH - 2 * MARGIN) / Math.max(total, 1e-9);
  const boxes: string[] = [];
  let deepest = 0;
  const draw = (node: CallNode, x: number, depth: number): void => {
    const width = node.totalMs * scale;
    if (width < NARROWEST) return;
    deepest = Math.max(deepest, depth);
    boxes.push(box(node, { x, width, depth, share: node.totalMs / total }));
    let at = x;
    for (const child of [...node.children.values()].sort((a, b) => b.totalMs - a.totalMs)) {
      draw(child, at, depth + 1);
      at += child.totalMs * scale;
    }
  };
  let x = MARGIN;
  for (const thread of threads) {
    draw(thread, x, 0);
    x += thread.totalMs * scale;
  }
  const height = TITLE + (deepest + 1) * ROW + MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" font-family="monospace" font-size="10">`,
    '<rect width="100%" height="100%" fill="#fff"/>',
    `<text x="${MARGIN}" y="20" font-size="14">${escaped(title)}: ${(total / 1000).toFixed(1)} s of CPU</text>`,
    ...boxes,
    '</svg>',
    '',
  ].join('\n');
}

function box(
  { name, place, selfMs, totalMs }: CallNode,
  { x, width, depth, share }: { x: number; width: number; depth: number; share: number },
): string {
  const y = TITLE + depth * ROW;
  const colour = COLOURS.find(([pattern]) => pattern.test(place))?.[1] ?? '#d9d3c4';
  const label =
    name.length * CHARACTER < width - 4 ? name : name.slice(0, Math.max(0, Math.floor((width - 4) / CHARACTER)));
  const about = `${name} ${place}: ${(100 * share).toFixed(1)} %, ${totalMs.toFixed(0)} ms, itself ${selfMs.toFixed(0)} ms`;
  const text = label.length < 3 ? '' : `<text x="${(x + 2).toFixed(1)}" y="${y + 12}">${escaped(label)}</text>`;
  return `<g><title>${escaped(about)}</title><rect x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${ROW - 1}" fill="${colour}"/>${text}</g>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
