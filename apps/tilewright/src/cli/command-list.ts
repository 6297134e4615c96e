import type { Command } from './command.ts';

/** A command before its code is loaded: what the overview shows, and how to load it. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** Every command, in the order of the overview. Each is loaded only when it runs, so that none pays for another's libraries. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'serve',
    summary: 'Run a Rekor v2 log on this machine',
    load: async () => (await import('../commands/serve.ts')).serve,
  },
  {
    name: 'submit',
    summary: 'Sign a file, enter the signature in a log, and write a Sigstore bundle',
    load: async () => (await import('../commands/submit.ts')).submit,
  },
  {
    name: 'verify',
    summary: 'Verify a Sigstore bundle and its file against a trusted root',
    load: async () => (await import('../commands/verify.ts')).verify,
  },
  {
    name: 'log init',
    summary: 'Create an empty log in a directory',
    load: async () => (await import('../commands/log/init.ts')).logInit,
  },
  {
    name: 'log status',
    summary: 'Show the checkpoint of a log, verified with its key',
    load: async () => (await import('../commands/log/status.ts')).logStatus,
  },
  {
    name: 'log fsck',
    summary: 'Derive a whole log again from its entries and compare every byte',
    load: async () => (await import('../commands/log/fsck.ts')).logFsck,
  },
  {
    name: 'log prove',
    summary: 'Prove that an entry is in a log',
    load: async () => (await import('../commands/log/prove.ts')).logProve,
  },
  {
    name: 'log adopt',
    summary: 'Verify a log that another program wrote to a directory, and take it over',
    load: async () => (await import('../commands/log/adopt.ts')).logAdopt,
  },
  {
    name: 'log migrate',
    summary: 'Copy a log from anywhere into a store of this program',
    load: async () => (await import('../commands/log/migrate.ts')).logMigrate,
  },
  {
    name: 'log freeze',
    summary: 'End a log: publish its last checkpoint, which says that it takes nothing more',
    load: async () => (await import('../commands/log/freeze.ts')).logFreeze,
  },
  {
    name: 'log mirror-check',
    summary: 'Compare two copies of a log byte for byte, and name the first difference',
    load: async () => (await import('../commands/log/mirror-check.ts')).logMirrorCheck,
  },
  {
    name: 'db init',
    summary: 'Make the tables of a log in a Spanner database',
    load: async () => (await import('../commands/db/init.ts')).dbInit,
  },
  {
    name: 'db check',
    summary: 'Check that a Spanner database has the tables that this program needs',
    load: async () => (await import('../commands/db/check.ts')).dbCheck,
  },
  {
    name: 'db migrate',
    summary: 'Bring the tables of an older program up to this one',
    load: async () => (await import('../commands/db/migrate.ts')).dbMigrate,
  },
  {
    name: 'keyset create',
    summary: 'Make a signing key in a Tink keyset that another key encrypts',
    load: async () => (await import('../commands/keyset/create.ts')).keysetCreate,
  },
  {
    name: 'keyset new-kek',
    summary: 'Make a key in a file that encrypts keysets, for those without a key management service',
    load: async () => (await import('../commands/keyset/new-kek.ts')).keysetNewKek,
  },
  {
    name: 'keyset info',
    summary: 'Show what is in a keyset, without its secrets',
    load: async () => (await import('../commands/keyset/info.ts')).keysetInfo,
  },
  {
    name: 'keyset public-key',
    summary: 'Show the public key, vkey and log id of a keyset',
    load: async () => (await import('../commands/keyset/public-key.ts')).keysetPublicKey,
  },
  {
    name: 'keyset verify',
    summary: 'Check that a keyset can be decrypted and signs for the log it is meant for',
    load: async () => (await import('../commands/keyset/verify.ts')).keysetVerify,
  },
  {
    name: 'keyset rotate',
    summary: 'Add a new key to a keyset and let it sign from now on',
    load: async () => (await import('../commands/keyset/rotate.ts')).keysetRotate,
  },
  {
    name: 'keyset rewrap',
    summary: 'Encrypt a keyset with another key encryption key',
    load: async () => (await import('../commands/keyset/rewrap.ts')).keysetRewrap,
  },
  {
    name: 'trusted-root create',
    summary: 'Write the TrustedRoot file that Sigstore clients verify with',
    load: async () => (await import('../commands/trusted-root-create.ts')).trustedRootCreate,
  },
  {
    name: 'signing-config create',
    summary: 'Write the SigningConfig file that tells Sigstore clients where to sign',
    load: async () => (await import('../commands/signing-config-create.ts')).signingConfigCreate,
  },
  {
    name: 'witness',
    summary: 'Run a witness, which cosigns the checkpoints of logs that only grow',
    load: async () => (await import('../commands/witness/witness.ts')).witness,
  },
  {
    name: 'witness init',
    summary: 'Make the key of a witness, and its empty state',
    load: async () => (await import('../commands/witness/init.ts')).witnessInit,
  },
  {
    name: 'version',
    summary: 'Show the version',
    load: async () => (await import('../commands/version.ts')).version,
  },
];
