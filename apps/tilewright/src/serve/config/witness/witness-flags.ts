/** Who cosigns the log's checkpoints, and what becomes of those that too few cosign. */
export const witnessFlags = {
  'witness-policy-path': {
    type: 'string',
    group: 'Witnesses',
    placeholder: 'FILE',
    upstream: true,
    help: 'Witnesses that are asked to cosign every checkpoint: lines `witness <name> <vkey> <url>`, `group <name> any|all|<n> <name>...` and one `quorum <name>|none`. With a policy --checkpoint-interval is 1s unless it is given, and no checkpoint comes earlier than that.',
    difference: 'witnesses with ML-DSA-44 keys are understood too; a quorum that can never be met ends the start',
  },
  'witness-fail-open': {
    type: 'bool',
    default: true,
    group: 'Witnesses',
    help: 'Publish a checkpoint that too few witnesses cosigned, with a warning. With =false it is held back until enough do; new entries are answered with 503 meanwhile.',
  },
  'witness-timeout': {
    type: 'duration',
    default: '2s',
    min: '10ms',
    max: '1m',
    group: 'Witnesses',
    help: 'How long a checkpoint waits for its witnesses at most. One that failed is asked again after a pause.',
  },
  'witness-collect': {
    type: 'string',
    default: 'quorum',
    choices: ['quorum', 'all'],
    group: 'Witnesses',
    help: 'Whom a checkpoint waits for: until the policy is satisfied, or until every witness has answered, so that it carries more cosignatures.',
  },
} as const;
