import { TrustError } from './trust-error.ts';

/**
 * Checks an absolute http or https URL without user, query and fragment, as the services of a Sigstore deployment have.
 * @returns the text as it was given
 * @throws TrustError `bad-value`
 */
export function requireServiceUrl(text: string, path: string): string {
  const url = URL.parse(text);
  const web = url?.protocol === 'http:' || url?.protocol === 'https:';
  if (url === null || !web || url.username !== '' || url.password !== '' || /[?#\s]/.test(text)) {
    throw new TrustError('bad-value', path, 'an absolute http or https URL without user, query and fragment is needed');
  }
  return text;
}

/**
 * The host of a URL as it is written, without port and brackets: what the origin of a Rekor v2 log at that URL has to
 * be. Clients compare letter by letter, so the case is kept.
 */
export function bareHost(url: string): string {
  const host = /^https?:\/\/(\[[^\]]*\]|[^/:]*)/i.exec(url)?.[1] ?? '';
  return host.replaceAll(/[[\]]/g, '');
}
