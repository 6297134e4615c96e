import type { Mutation } from '../mutation.ts';

const COSIGN = 'packages/log/src/stages/publishing/cosign.ts';
const PIPELINE = 'packages/log/src/stages/pipeline.ts';
const ASK = 'packages/witness/src/client/ask-witness.ts';
const GROUP = 'packages/witness/src/client/witness-group.ts';
const STORY = 'packages/sim/src/mutations/stories/engine/witnesses.test.ts';
const CLIENT = 'packages/witness/src/client/ask-witness.test.ts';

/** Rules of checkpoints that witnesses cosign (engine-safety, section 3). */
export const WITNESS_MUTATIONS: readonly Mutation[] = [
  {
    name: 'publish-although-too-few-cosigned',
    file: COSIGN,
    find: '  if (!round.enough && witnesses.failClosed) return { held: round.detail };\n',
    replace: '',
    breaks: ['P6'],
    world: 'witnessed',
  },
  {
    name: 'cosigned-bytes-are-believed',
    file: COSIGN,
    find: '  if (!equalBytes(round.note.subarray(0, note.length), note))',
    replace: '  if (note.length === 0)',
    breaks: ['P4'],
    world: 'test',
    test: STORY,
  },
  {
    name: 'what-a-witness-holds-is-not-looked-at',
    file: COSIGN,
    find: "  if (round.seen !== undefined && (await compareSeen(deps, tree, round.seen, how)) === 'outrun') return 'outrun';\n",
    replace: '',
    breaks: ['P4', 'H5'],
    world: 'test',
    test: STORY,
  },
  {
    name: 'a-log-that-went-back-is-not-frozen',
    file: COSIGN,
    find: '  await deps.sequence.freeze(HALTED);\n',
    replace: '',
    breaks: ['P4', 'H5'],
    world: 'test',
    test: STORY,
  },
  {
    name: 'opens-with-what-too-few-cosigned',
    file: PIPELINE,
    find: '    if (!enough && deps.witnesses.failClosed) return Number.NEGATIVE_INFINITY;\n',
    replace: '',
    breaks: ['P6'],
    world: 'witnessed',
  },
  {
    name: 'takes-entries-while-too-few-cosign',
    file: PIPELINE,
    find: "    stalls.enter('witness', why);\n",
    replace: '',
    breaks: ['P7'],
    world: 'test',
    test: STORY,
  },
  {
    name: 'never-cosigned-again',
    file: PIPELINE,
    find: '    this.#cosignAt = deps.clock.monotonicMs() + (enough ? againMs : lackingMs);\n',
    replace: '    void (enough ? againMs : lackingMs);\n',
    breaks: ['P6'],
    world: 'test',
    test: STORY,
  },
  {
    name: 'a-round-without-end',
    file: GROUP,
    find: '    void clock.sleep(timeoutMs, settled.signal).then(stop);\n',
    replace: '    void [clock, timeoutMs, settled];\n',
    breaks: ['P6'],
    world: 'test',
    test: STORY,
  },
  {
    name: 'another-size-is-not-believed-and-asked-again',
    file: ASK,
    find: '    known.size = latest;\n',
    replace: '    void latest;\n',
    breaks: ['P6'],
    world: 'witnessed',
  },
  {
    name: 'a-cosignature-without-a-time-counts',
    file: ASK,
    find: 'parseTimestampedSignature(cosignature.signature).timestamp === 0n',
    replace: 'parseTimestampedSignature(cosignature.signature).timestamp < 0n',
    breaks: ['P6'],
    world: 'test',
    test: CLIENT,
  },
  {
    name: 'what-a-witness-shows-is-believed-unsigned',
    file: ASK,
    find: '    openCheckpoint(body, origin, logVerifier);\n',
    replace: '    void [openCheckpoint, origin, logVerifier];\n',
    breaks: ['P4'],
    world: 'test',
    test: CLIENT,
  },
];
