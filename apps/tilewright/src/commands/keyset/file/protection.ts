import { CommandError } from '../../../cli/command-error.ts';

/** The flag that allows a private key on the disk as it is. */
export const cleartextFlag = {
  cleartext: {
    type: 'bool',
    default: false,
    help: 'Leave the keyset unencrypted: whoever can read the file has the key. Instead of --key-encryption-key-uri.',
  },
} as const;

/**
 * Refuses a keyset that nothing would protect, unless that was asked for.
 * @returns the URI of the key that encrypts it
 * @throws CommandError 'usage'
 */
export function requireProtection(uri: string | undefined, cleartext: boolean): string | undefined {
  if (uri !== undefined && cleartext) {
    throw new CommandError('usage', '--key-encryption-key-uri and --cleartext exclude each other');
  }
  if (uri !== undefined || cleartext) return uri;
  throw new CommandError(
    'usage',
    'the keyset would not be encrypted: name a key with --key-encryption-key-uri (tilewright keyset new-kek makes one), or give --cleartext',
  );
}
