/** Which entries are taken, and what is written about it. */
export const serviceFlags = {
  'client-signing-algorithms': {
    type: 'list',
    default: [
      'ecdsa-sha2-256-nistp256',
      'ecdsa-sha2-384-nistp384',
      'ecdsa-sha2-512-nistp521',
      'ed25519-ph',
      'rsa-sign-pkcs1-2048-sha256',
      'rsa-sign-pkcs1-3072-sha256',
      'rsa-sign-pkcs1-4096-sha256',
    ],
    group: 'Entries',
    upstream: true,
    help: 'Signature algorithms that entries may use; any part of the default.',
    difference:
      'pure `ed25519`, which v2.3.0 takes for a name (and then cannot check), is refused as by the development version',
  },
  'accept-dsse': {
    type: 'bool',
    default: false,
    group: 'Entries',
    help: 'Accept dsse 0.0.2 entries, which older clients and sigstore-js still send.',
  },
  'on-duplicate': {
    type: 'string',
    default: 'reject',
    choices: ['reject', 'return'],
    group: 'Entries',
    help: 'Answer to an entry that is in the log already: reject it with 409 and its index, or return it with 201.',
  },
  'verify-workers': {
    type: 'int',
    default: 0,
    min: 0,
    max: 64,
    group: 'Entries',
    help: 'Threads that check signatures; 0 means half as many as there are processors.',
  },
  'log-level': {
    type: 'string',
    default: 'info',
    choices: ['debug', 'info', 'warn', 'error'],
    group: 'Diagnostics',
    upstream: true,
    help: 'Least important lines that are written.',
  },
  'log-format': {
    type: 'string',
    choices: ['text', 'json'],
    group: 'Diagnostics',
    help: 'How lines are written to standard error. Without it: text on a terminal, JSON elsewhere.',
  },
  'request-response-logging': {
    type: 'bool',
    default: false,
    group: 'Diagnostics',
    upstream: true,
    help: 'Write requests and answers too; needs --log-level=debug.',
  },
  config: {
    type: 'string',
    group: 'Diagnostics',
    placeholder: 'FILE',
    help: 'YAML file with settings: a map of flag names to values.',
  },
} as const;
