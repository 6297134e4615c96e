import type { Mutation } from '../mutation.ts';

const SIGN = 'packages/log/src/stages/ahead/sign-ahead.ts';
const ANSWER = 'packages/log/src/stages/ahead/answer-ahead.ts';
const AHEAD = 'packages/log/src/stages/ahead/ahead-of-published.ts';
const PUBLISH = 'packages/log/src/stages/publishing/publish.ts';
const PIPELINE = 'packages/log/src/stages/pipeline.ts';
const LOG = 'packages/log/src/engine/log.ts';
const INTAKE = 'packages/log/src/intake/intake.ts';
const OPEN = 'packages/log/src/open-log.ts';
const STORY = 'packages/sim/src/mutations/stories/engine/ahead.test.ts';

/** Rules of answers ahead of publication (engine-safety, 5): floor, signature, kept note, and the public checkpoint in time. */
export const AHEAD_MUTATIONS: readonly Mutation[] = [
  {
    name: 'ahead-signed-before-the-floor',
    file: SIGN,
    find: '  const raised = await raiseFloor(deps, tree, last, how);\n',
    replace:
      '  const own = await signTree(deps, tree, undefined);\n  const raised = await raiseFloor(deps, tree, last, how);\n',
    also: {
      find: '  const own = await signTree(deps, tree, undefined);\n  refuseIfOver(how);\n',
      replace: '  refuseIfOver(how);\n',
    },
    breaks: ['P4'],
    world: 'signed',
  },
  {
    name: 'ahead-floor-left-where-the-slot-is-taken',
    file: PUBLISH,
    find: 'raiseSigned(tree, everyMs, how.aheadMs !== undefined)',
    replace: 'raiseSigned(tree, everyMs, how.aheadMs === -1)',
    breaks: ['P4'],
    world: 'signed',
  },
  {
    name: 'ahead-note-not-kept',
    file: SIGN,
    find: '  const note = await keepSigned(deps, kept, tree, own);\n',
    replace: '  const note = own;\n  void [keepSigned, kept];\n',
    breaks: ['P6'],
    world: 'signed',
  },
  {
    name: 'ahead-kept-note-of-another-tree',
    file: SIGN,
    find: '  if (found.size === size && equalBytes(found.root, root)) return note;\n',
    replace: '  if (found.size === size || equalBytes(found.root, root)) return note;\n',
    breaks: ['P4'],
    world: 'test',
    test: STORY,
  },
  {
    name: 'ahead-kept-note-not-verified',
    file: SIGN,
    find: '  const found = openKept(deps, note, size);\n',
    replace: '  const found = { size, root, note: openKept };\n',
    breaks: ['P6'],
    world: 'test',
    test: STORY,
  },
  {
    name: 'ahead-signed-after-the-stop',
    file: SIGN,
    find: '  refuseIfOver(how);\n  const own = await signTree(deps, tree, undefined);\n',
    replace: '  const own = await signTree(deps, tree, undefined);\n',
    breaks: ['P8', 'P9'],
    world: 'test',
    test: STORY,
  },
  {
    name: 'ahead-kept-after-the-stop',
    file: SIGN,
    find: '  const own = await signTree(deps, tree, undefined);\n  refuseIfOver(how);\n',
    replace: '  const own = await signTree(deps, tree, undefined);\n',
    breaks: ['P8', 'P9'],
    world: 'test',
    test: STORY,
  },
  {
    name: 'ahead-answered-before-it-is-signed',
    file: ANSWER,
    find: '    await this.#pipes.integrate();\n',
    replace:
      '    await this.#pipes.integrate();\n    this.#state.ahead.kept({ tree: this.#state.committed, note: this.#state.publication.note }, started);\n    this.#pipes.answered(started);\n',
    breaks: ['P6'],
    world: 'signed',
  },
  {
    name: 'ahead-although-the-published-is-late',
    file: ANSWER,
    find: ' || ahead.lateMs(deps.clock.monotonicMs()) !== undefined;',
    replace: ' || ahead.lateMs(deps.clock.monotonicMs()) === -1;',
    breaks: ['P6'],
    world: 'test',
    test: STORY,
  },
  {
    name: 'ahead-with-the-last-tree-of-a-frozen-log',
    file: ANSWER,
    find: 'lastLine !== undefined || ahead',
    replace: "lastLine === '' || ahead",
    breaks: ['P8'],
    world: 'signed',
  },
  {
    name: 'ahead-late-forgotten',
    file: AHEAD,
    find: '    return behindMs > this.#mostMs ? behindMs : undefined;\n',
    replace: '    return behindMs > 1e9 * this.#mostMs ? behindMs : undefined;\n',
    breaks: ['P6'],
    world: 'test',
    test: STORY,
  },
  {
    name: 'ahead-late-not-told',
    file: LOG,
    find: '    if (behindMs !== undefined) return `no',
    replace: '    if (behindMs === -1) return `no',
    breaks: ['P6'],
    world: 'test',
    test: STORY,
  },
  {
    name: 'ahead-late-for-ever',
    file: AHEAD,
    find: '    this.#open = this.#open.filter((one) => one.size > size);\n',
    replace: '    void size;\n',
    breaks: ['P7', 'P8'],
    world: 'signed',
  },
  {
    name: 'ahead-takes-entries-while-late',
    file: INTAKE,
    find: '    if (aheadMs !== undefined)\n',
    replace: '    if (aheadMs === -1)\n',
    breaks: ['P7'],
    world: 'test',
    test: STORY,
  },
  {
    name: 'ahead-closed-before-it-is-published',
    file: PIPELINE,
    find: ' && !this.#state.ahead.isAny) return;',
    replace: ') return;',
    breaks: ['P8'],
    world: 'test',
    test: STORY,
  },
  {
    name: 'ahead-what-others-published-not-looked-at',
    file: ANSWER,
    find: "    if (stored !== 'outrun') await this.#pipes.takeOver('publication' in stored ? stored : stored.found, started);\n",
    replace: '    void [stored, started];\n',
    breaks: ['P8'],
    world: 'test',
    test: STORY,
  },
  {
    name: 'what-others-published-not-taken-over',
    file: PIPELINE,
    find: '    if (found !== undefined && found',
    replace: '    if (found !== undefined && found === undefined && found',
    breaks: ['P8'],
    world: 'test',
    test: STORY,
  },
  {
    name: 'ahead-of-witnesses-that-have-to-cosign',
    file: OPEN,
    find: '  if (witnesses?.failClosed === true)\n',
    replace: '  if (witnesses === null)\n',
    breaks: ['P6'],
    world: 'test',
    test: STORY,
  },
];
