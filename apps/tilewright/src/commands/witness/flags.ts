import type { FlagValues } from '../../flags/flag-table.ts';
import { serviceFlags } from '../../serve/config/service-flags.ts';

const own = {
  name: {
    type: 'string',
    group: 'Keys',
    placeholder: 'NAME',
    help: 'Name of the witness, as in its vkey. May be left out where the key file holds it (PRIVATE+KEY+...).',
  },
  'key-file': {
    type: 'repeated',
    group: 'Keys',
    placeholder: 'FILE',
    required: true,
    help: 'Private key of the witness: PEM with an Ed25519 or ML-DSA-44 key, or PRIVATE+KEY+... of type 0x04 or 0x06. With a key of each type, answers carry both cosignatures, in this order.',
  },
  'key-password-file': {
    type: 'string',
    group: 'Keys',
    placeholder: 'FILE',
    help: 'File that holds the password of an encrypted key file; one newline at its end is not part of it.',
  },
  'logs-file': {
    type: 'string',
    group: 'Logs and state',
    placeholder: 'FILE',
    required: true,
    help: 'The logs that are cosigned: lines "log <vkey>", the name in each vkey being the origin of the log. It is the syntax of tlog-policy: other lines of a policy may stand there too and do not count, and the quorum may be missing. SIGHUP reads it again.',
  },
  state: {
    type: 'string',
    group: 'Logs and state',
    placeholder: 'FILE',
    required: true,
    help: 'What was cosigned last of each log: an SQLite database, of one process at a time. Never go back to an older copy of it.',
  },
  'create-state': {
    type: 'bool',
    default: false,
    group: 'Logs and state',
    help: 'Make the state where there is none. Only for a key that has not signed anything yet: without its state, a witness would cosign a second history.',
  },
  'http-address': {
    type: 'string',
    default: '127.0.0.1',
    group: 'Listener',
    placeholder: 'ADDRESS',
    help: 'Address to listen on; 0.0.0.0 for all.',
  },
  'http-port': { type: 'int', default: 3080, min: 1, max: 65535, group: 'Listener', help: 'Port to listen on.' },
  'url-prefix': {
    type: 'string',
    group: 'Listener',
    placeholder: 'PATH',
    help: 'Path before /add-checkpoint, /sign-subtree and /<hash of the origin>/checkpoint, such as /w1. /healthz and /metrics have none.',
  },
} as const;

const { 'log-level': logLevel, 'log-format': logFormat, config } = serviceFlags;

/** Every flag of `tilewright witness`. */
export const witnessFlags: typeof own & Pick<typeof serviceFlags, 'log-level' | 'log-format' | 'config'> = {
  ...own,
  'log-level': logLevel,
  'log-format': logFormat,
  config,
};

/** The values of its flags. */
export type WitnessValues = FlagValues<typeof witnessFlags>;
