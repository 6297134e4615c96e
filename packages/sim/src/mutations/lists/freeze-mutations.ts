import type { Mutation } from '../mutation.ts';

const PUBLISH = 'packages/log/src/stages/publishing/publish.ts';
const PIPELINE = 'packages/log/src/stages/pipeline.ts';
const STATE = 'packages/log/src/engine/engine-state.ts';
const OPEN = 'packages/log/src/engine/open-state.ts';
const LOG = 'packages/log/src/engine/log.ts';
const MARK = 'packages/store-posix/src/directory/frozen-mark.ts';
const STORED = 'packages/store-posix/src/checkpoint/stored-checkpoint.ts';
const STORY = 'packages/sim/src/mutations/stories/engine/freezing.test.ts';
const CONTRACTS = 'packages/sim/src/mutations/stories/posix/contracts.test.ts';

/** Rules of the end of a log (engine-safety, 2.8): nothing is added, its last checkpoint says so, and stays. */
export const FREEZE_MUTATIONS: readonly Mutation[] = [
  {
    name: 'last-checkpoint-taken-for-any-other',
    file: PUBLISH,
    find: "  if (isNews) return 'last';\n",
    replace: '',
    breaks: ['P3'],
    world: 'test',
    test: STORY,
  },
  {
    name: 'goes-on-after-the-last-checkpoint',
    file: PUBLISH,
    find: '  if (isLast) refuseToGoOn(stored, tree, head);\n',
    replace: '  void [isLast, refuseToGoOn];\n',
    breaks: ['P3'],
    world: 'test',
    test: STORY,
  },
  {
    name: 'key-that-does-not-cover-the-line-signs',
    file: PUBLISH,
    find: '    lastLine === undefined ? deps.signers : deps.signers.filter(({ type }) => type !== KEY_TYPE.cosignatureMlDsa44);\n',
    replace: '    lastLine === KEY_TYPE.cosignatureMlDsa44.toString() ? [] : deps.signers;\n',
    breaks: ['P4'],
    world: 'test',
    test: STORY,
  },
  {
    name: 'last-line-before-all-is-integrated',
    file: STATE,
    find: ' || committed.size < next',
    replace: ' || committed.size > next',
    breaks: ['P3', 'P8'],
    world: 'replicas',
  },
  {
    name: 'last-line-of-a-log-that-went-back',
    file: STATE,
    find: ' || frozenAtMs === HALTED',
    replace: ' || frozenAtMs < HALTED',
    breaks: ['H5'],
    world: 'test',
    test: STORY,
  },
  {
    name: 'freeze-in-the-head-not-seen',
    file: STATE,
    find: '    this.frozenAtMs ??= frozenAtMs;\n',
    replace: '',
    breaks: ['P8'],
    world: 'replicas',
  },
  {
    name: 'line-of-another-program-not-kept',
    file: STATE,
    find: '    return publishedLine(publication.note) ?? frozenLine(frozenAtMs);\n',
    replace: '    return frozenLine(publishedLine(publication.note) === undefined ? frozenAtMs : frozenAtMs);\n',
    breaks: ['P3'],
    world: 'test',
    test: STORY,
  },
  {
    name: 'state-of-a-log-that-another-program-froze-goes-on',
    file: OPEN,
    find: '  await deps.sequence.freeze(freezeTime(deps.clock));\n  return true;\n',
    replace: '  return freezeTime(deps.clock) < 0;\n',
    breaks: ['P3', 'P7'],
    world: 'test',
    test: STORY,
  },
  {
    name: 'opens-beyond-the-last-checkpoint',
    file: OPEN,
    find: '  if (head.next > published.size) throw goesOnAfterTheLast(published.size, head.next);\n',
    replace: '  void goesOnAfterTheLast;\n',
    breaks: ['P3'],
    world: 'test',
    test: STORY,
  },
  {
    name: 'refused-append-tells-nothing-of-the-freeze',
    file: PIPELINE,
    find: '    return frozen && frozenAtMs === undefined;\n',
    replace: '    return frozen && frozenAtMs === -1;\n',
    breaks: ['P8'],
    world: 'test',
    test: STORY,
  },
  {
    name: 'last-checkpoint-cosigned-again-for-ever',
    file: PIPELINE,
    find: '    const stays = frozen && (this.#isCosigned || lastLine === undefined);\n',
    replace: '    const stays = frozen && lastLine === undefined;\n',
    breaks: ['P3'],
    world: 'test',
    test: STORY,
  },
  {
    name: 'last-checkpoint-never-cosigned-again',
    file: PIPELINE,
    find: '    const stays = frozen && (this.#isCosigned || lastLine === undefined);\n',
    replace: '    const stays = frozen && (this.#isCosigned || lastLine !== "");\n',
    breaks: ['P6'],
    world: 'test',
    test: STORY,
  },
  {
    name: 'freeze-of-unknown-outcome-given-up',
    file: LOG,
    find: "        if (!hasCode(error, 'outcome-unknown') || stop.signal.aborted) throw error;\n",
    replace: '        throw error;\n',
    breaks: ['P5'],
    world: 'test',
    test: STORY,
  },
  {
    name: 'freeze-answered-before-it-is-published',
    file: LOG,
    find: '      const end = await Promise.race([this.#pipeline.ended(), stopped.promise]);\n',
    replace:
      '      const ended = this.#pipeline.ended();\n      const now = { publication: this.#state.publication, enough: true, detail: undefined };\n      const end = await Promise.race([Promise.resolve(now), ended, stopped.promise]);\n',
    breaks: ['P6'],
    world: 'machine',
  },
  {
    name: 'posix-anything-after-the-last-checkpoint',
    file: STORED,
    find: '  if (frozenLineOf(stored) !== undefined && (next.size > stored.size || frozenLineOf(next) === undefined)) {\n',
    replace: '  if (frozenLineOf(stored) === "") {\n',
    breaks: ['P3'],
    world: 'test',
    test: CONTRACTS,
  },
  {
    name: 'frozen-mark-has-its-name-before-its-time',
    file: MARK,
    find: "  await unlessErrno(fs.link(temp, mark), ['EEXIST'], undefined);\n",
    replace: '',
    also: {
      find: "  const file = await fs.open(temp, 'create', PRIVATE_FILE);\n",
      replace:
        "  const file = await fs.open(temp, 'create', PRIVATE_FILE);\n  await unlessErrno(fs.link(temp, mark), ['EEXIST'], undefined);\n",
    },
    breaks: ['P8'],
    world: 'machine',
  },
];
