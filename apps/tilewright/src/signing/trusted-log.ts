import { readFileSync } from 'node:fs';
import { ClientError, type TrustedLog, trustedLogById } from '@tilewright/client';
import { bareHost, makeTrustedRoot, parseTrustedRoot, TrustError, type TrustedRoot } from '@tilewright/trust';
import { CommandError } from '../cli/command-error.ts';
import type { FlagValues } from '../flags/flag-table.ts';
import { type logKeyFlags, readLogKey } from '../reading/log-key.ts';

/** The flag that says which logs are trusted; the flags of a log's key can stand for it. */
export const trustedRootFlag = {
  'trusted-root': {
    type: 'string',
    placeholder: 'FILE',
    help: 'TrustedRoot file with the log; --vkey, or --public-key and --origin, can stand for it.',
  },
} as const;

type TrustValues = FlagValues<typeof trustedRootFlag & typeof logKeyFlags>;

/** The trusted root that the flags name, or one made of the single log whose key they name. */
export function readTrustedRoot(values: TrustValues): {
  readonly root: TrustedRoot;
  readonly text: string | undefined;
} {
  const key = readLogKey(values);
  const file = values['trusted-root'];
  if ((file === undefined) === (key === undefined)) {
    throw new CommandError(
      'usage',
      'which log is trusted? Give either --trusted-root, or its key with --vkey or --public-key',
    );
  }
  try {
    if (file !== undefined) {
      const text = readFileSync(file, 'utf8');
      return { root: parseTrustedRoot(text), text };
    }
    const log = key && { baseUrl: `https://${key.origin}`, ...key, validFor: { start: new Date(0) } };
    return { root: makeTrustedRoot({ tlogs: log ? [log] : [] }), text: undefined };
  } catch (cause) {
    const where = file === undefined ? '--vkey' : `--trusted-root ${file}`;
    throw new CommandError('usage', `${where}: ${(cause as Error).message}`, { cause });
  }
}

/**
 * The log that must answer a submission: the one that the flags name, or of a trusted root the one at that address,
 * or its only one. The address of submissions may differ from a log's URL.
 */
export function trustedLogAt(address: string, values: TrustValues): TrustedLog {
  const key = readLogKey(values);
  if (key !== undefined && values['trusted-root'] === undefined) return key;
  const { root } = readTrustedRoot(values);
  const named = root.tlogs.filter(({ baseUrl }) => baseUrl === address.replace(/\/+$/, ''));
  const sameHost = root.tlogs.filter(
    ({ baseUrl }) => bareHost(baseUrl) === bareHost(/^https?:/.test(address) ? address : `http://${address}`),
  );
  const [log, other] = [named, sameHost, root.tlogs].find((logs) => logs.length === 1) ?? [];
  if (log === undefined || other !== undefined) {
    throw new CommandError(
      'usage',
      `--trusted-root has ${root.tlogs.length} logs, and none is clearly the one at ${address}: name its key with --vkey instead`,
    );
  }
  try {
    return trustedLogById(root, log.logId);
  } catch (error) {
    if (error instanceof ClientError || error instanceof TrustError)
      throw new CommandError('usage', `--trusted-root: ${error.message}`, { cause: error });
    throw error;
  }
}
