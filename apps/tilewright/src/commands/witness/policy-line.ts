import { formatVerifierKey, type VerifierKey } from '@tilewright/core/note';

/** The vkey of a witness's key. */
export function vkeyOf({ name, type, key }: VerifierKey): string {
  return formatVerifierKey(name, type, key);
}

/** The line with which a policy lists the witness of a key (tlog-policy), with its URL where that is known. */
export function policyLine(key: VerifierKey, url: string | undefined): string {
  return ['witness', key.name, vkeyOf(key), ...(url === undefined ? [] : [url])].join(' ');
}
