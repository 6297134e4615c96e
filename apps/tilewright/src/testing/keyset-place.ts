import { join } from 'node:path';
import { type LogVerifier, noteVerifierFromVkey } from '@tilewright/signer';
import { runCli } from './run-cli.ts';
import { type LogPlace, logPlace } from './running-log.ts';

/** A place for a log whose key is in an encrypted keyset. */
export interface KeysetPlace extends Omit<LogPlace, 'key'> {
  /** Everything public about the key, from what `keyset create` printed. */
  readonly key: LogVerifier;
  /** URI of the key that encrypts the keyset. */
  readonly kek: string;
  readonly keyset: string;
  /** A path in its directory. */
  readonly at: (name: string) => string;
}

/** A place for a log called localhost, whose key was made by `keyset create`. */
export async function keysetPlace(template: string): Promise<KeysetPlace> {
  const place = await logPlace();
  const at = (name: string): string => join(place.directory, name);
  const [kek, keyset] = [`file-kek://${at('kek')}`, at('keyset.json')];
  await runCli(['keyset', 'new-kek', '--out', at('kek')]);
  const { out, err } = await runCli([
    ...['keyset', 'create', '--key-template', template, '--origin', 'localhost', '--key-encryption-key-uri', kek],
    ...['--out', keyset, '--public-key-out', at('log.pub'), '--key-id-out', at('log.id'), '--json'],
  ]);
  if (out === '') throw new Error(err);
  const key = noteVerifierFromVkey((JSON.parse(out) as { vkey: string }).vkey);
  const signer = ['--signer-tink-keyset-path', keyset, '--signer-tink-kek-uri', kek];
  const without = place.flags.indexOf('--signer-filepath');
  const flags = place.flags.filter((_, i) => i !== without && i !== without + 1);
  return { ...place, key, kek, keyset, at, flags: [...flags, ...signer] };
}
