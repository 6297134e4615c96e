/** One function in its place below its callers, with the time that was seen there. Milliseconds of CPU. */
export interface CallNode {
  readonly name: string;
  /** `package/folder/file.ts:line`, or what the engine says where there is no file. */
  readonly place: string;
  selfMs: number;
  totalMs: number;
  readonly children: Map<string, CallNode>;
}

/** What V8 writes for `--cpu-prof`. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Time in which a thread did nothing. */
const IDLE = '(idle)';

/** A node without time. */
export function callNode(name: string, place = ''): CallNode {
  return { name, place, selfMs: 0, totalMs: 0, children: new Map() };
}

/** The calls of one thread, from the text of a `.cpuprofile`; time in which it waited is left out. */
export function callTree(text: string, name: string): CallNode {
  const profile = JSON.parse(text) as CpuProfile;
  const byId = new Map(profile.nodes.map((node) => [node.id, node]));
  const selfMs = new Map<number, number>();
  for (const [at, id] of profile.samples.entries()) {
    selfMs.set(id, (selfMs.get(id) ?? 0) + Math.max(0, profile.timeDeltas[at] ?? 0) / 1000);
  }
  const root = callNode(name);
  const visit = (id: number, above: CallNode): void => {
    const node = byId.get(id);
    if (node === undefined || node.callFrame.functionName === IDLE) return;
    const isRoot = node.callFrame.functionName === '(root)';
    const here = isRoot ? above : childOf(above, node.callFrame);
    here.selfMs += selfMs.get(id) ?? 0;
    for (const child of node.children ?? []) visit(child, here);
  };
  const first = profile.nodes[0];
  if (first !== undefined) visit(first.id, root);
  sumUp(root);
  return root;
}

function childOf(above: CallNode, frame: CpuProfile['nodes'][number]['callFrame']): CallNode {
  const place = shortPlace(frame.url, frame.lineNumber);
  const key = `${frame.functionName} ${place}`;
  const known = above.children.get(key);
  if (known !== undefined) return known;
  const node = callNode(frame.functionName || '(anonymous)', place);
  above.children.set(key, node);
  return node;
}

function shortPlace(url: string, line: number): string {
  if (url === '') return '';
  const file = /\/(?:packages|apps|bench|node_modules)\/((?:(?!\/node_modules\/).)*)$/.exec(url)?.[1] ?? url;
  return `${file.replace('/src/', '/')}:${line + 1}`;
}

function sumUp(node: CallNode): number {
  node.totalMs = node.selfMs;
  for (const child of node.children.values()) node.totalMs += sumUp(child);
  return node.totalMs;
}

/** A function's own time, wherever it was called from. */
export interface HotFunction {
  readonly name: string;
  readonly place: string;
  readonly selfMs: number;
}

/** The functions of `tree` that took most time themselves, the most first. */
export function hottest(tree: CallNode, count: number): HotFunction[] {
  const found = new Map<string, { name: string; place: string; selfMs: number }>();
  const visit = (node: CallNode): void => {
    const key = `${node.name} ${node.place}`;
    const known = found.get(key) ?? { name: node.name, place: node.place, selfMs: 0 };
    known.selfMs += node.selfMs;
    found.set(key, known);
    for (const child of node.children.values()) visit(child);
  };
  for (const child of tree.children.values()) visit(child);
  return [...found.values()].sort((a, b) => b.selfMs - a.selfMs).slice(0, count);
}
