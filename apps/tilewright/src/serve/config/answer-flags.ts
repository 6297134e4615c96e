import type { FlagValues } from '../../flags/flag-table.ts';
import type { FlagSource } from '../../flags/resolve-flags.ts';
import type { Findings } from './findings.ts';
import type { StoragePlace } from './storage-place.ts';
import type { WitnessSettings } from './witness/witness-settings.ts';

/** When submissions to a log in a bucket are answered. */
export const answerFlags = {
  'answer-at': {
    type: 'string',
    default: 'published',
    choices: ['published', 'signed'],
    group: 'Google Cloud',
    help: 'What a submission waits for: a published checkpoint, which Cloud Storage lets change once a second; or with signed, in a bucket alone, one that is signed and kept as checkpoints/SIZE, of a tree that is durable and readable. It has no cosignatures, and monitors see it within two intervals of --checkpoint-interval, or the server turns unready. Each tree costs up to three objects more and one for its checkpoint, which stay.',
  },
  'answer-interval': {
    type: 'duration',
    default: '100ms',
    min: '10ms',
    max: '10s',
    group: 'Google Cloud',
    help: 'Shortest pause between two trees that are signed for --answer-at=signed, each replica by itself; none is while nobody waits. A longer one writes fewer objects.',
  },
} as const;

/** What is asked of answers and cannot be had. */
export function checkAnswers(
  values: FlagValues<typeof answerFlags> & { readonly personality: string; readonly 'checkpoint-interval': number },
  source: (flag: 'answer-interval') => FlagSource,
  place: StoragePlace | undefined,
  witnesses: WitnessSettings | undefined,
  found: Findings,
): void {
  const { problems, warnings } = found;
  if (values['answer-at'] !== 'signed') {
    if (source('answer-interval') !== 'default')
      problems.push('--answer-interval means nothing without --answer-at=signed');
    return;
  }
  if (place?.kind === 'posix') {
    problems.push('--answer-at=signed means nothing to --storage posix: a disk publishes in a few milliseconds');
  }
  if (values.personality === 'raw') {
    problems.push('--answer-at=signed means nothing to --personality raw: nobody waits for its checkpoints');
  }
  if (witnesses?.failClosed === true) {
    problems.push(
      '--answer-at=signed contradicts --witness-fail-open=false: an answer would not wait for the witnesses',
    );
  }
  if (values['answer-interval'] >= values['checkpoint-interval']) {
    warnings.push('--answer-interval is not shorter than --checkpoint-interval: --answer-at=signed has little effect');
  }
  if (witnesses?.failClosed === false && witnesses.timeoutMs > values['checkpoint-interval']) {
    warnings.push(
      '--witness-timeout is longer than --checkpoint-interval: while a witness is silent, --answer-at=signed answers no sooner than it',
    );
  }
}
