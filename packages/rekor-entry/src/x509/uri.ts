import { isDomainName } from './domain-name.ts';
import { isIpv6 } from './ip-address.ts';

const HOST_CHARACTERS = /^[A-Za-z0-9!"$&'()*+,\-.:;<=>[\]_~%]*$/;
const USER_INFO = /^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/;
const PORT = /^(?::[0-9]*)?$/;
const BAD_ESCAPE = /%(?![0-9A-Fa-f]{2})/;

/**
 * Whether Go's x509 takes an ASCII text as the URI of a certificate: net/url parses it, and its host, if there is one,
 * looks like a domain name. Looser than RFC 3986 in most places, stricter in few.
 */
export function isUriOfCertificate(text: string): boolean {
  const hash = text.indexOf('#');
  const url = hash === -1 ? text : text.slice(0, hash);
  const fragment = hash === -1 ? '' : text.slice(hash + 1);
  if (hasControlCharacter(url) || BAD_ESCAPE.test(fragment)) return false;
  if (url === '*') return true;
  if (url.startsWith(':')) return false;
  const scheme = /^[A-Za-z][A-Za-z0-9+\-.]*(?=:)/.exec(url)?.[0] ?? '';
  const rest = beforeFirst(scheme === '' ? url : url.slice(scheme.length + 1), '?');
  if (!rest.startsWith('/')) return scheme !== '' || (!beforeFirst(rest, '/').includes(':') && !BAD_ESCAPE.test(rest));
  if (!rest.startsWith('//') || (scheme === '' && rest.startsWith('///'))) return !BAD_ESCAPE.test(rest);
  const authority = beforeFirst(rest.slice(2), '/');
  return isAuthority(authority) && !BAD_ESCAPE.test(rest.slice(2 + authority.length));
}

function isAuthority(authority: string): boolean {
  const at = authority.lastIndexOf('@');
  const userInfo = at === -1 ? '' : authority.slice(0, at);
  if (!USER_INFO.test(userInfo) || BAD_ESCAPE.test(userInfo)) return false;
  const host = authority.slice(at + 1);
  return host.startsWith('[') ? isBracketedHost(host) : isPlainHost(host);
}

function isPlainHost(host: string): boolean {
  if (host.includes('[')) return false;
  // Several colons are fine, as in a list of hosts: only what follows the last must be a port.
  const colon = host.lastIndexOf(':');
  if (colon !== -1 && !PORT.test(host.slice(colon))) return false;
  const plain = unescapedHost(host);
  return plain !== undefined && isDomainName(plain, false);
}

function isBracketedHost(host: string): boolean {
  const close = host.lastIndexOf(']');
  if (close === -1 || host.lastIndexOf('[') !== 0 || !PORT.test(host.slice(close + 1))) return false;
  const inside = host.slice(1, close);
  const zoneAt = inside.indexOf('%25');
  const address = unescapedHost(zoneAt === -1 ? inside : inside.slice(0, zoneAt));
  const zone = zoneAt === -1 ? undefined : unescapedZone(inside.slice(zoneAt + 3));
  if (address === undefined || address.includes('%') || !isIpv6(address)) return false;
  if (zoneAt === -1) return isDomainName(`[${address}]${host.slice(close + 1)}`, false);
  return !!zone && isDomainName(`[${address}%${zone}]${host.slice(close + 1)}`, false);
}

// Escapes of a host stand for bytes that no domain name has, all but one.
function unescapedHost(host: string): string | undefined {
  const plain = host.replaceAll('%25', '\0');
  return plain.includes('%') || !HOST_CHARACTERS.test(plain.replaceAll('\0', ''))
    ? undefined
    : plain.replaceAll('\0', '%');
}

function unescapedZone(zone: string): string | undefined {
  if (BAD_ESCAPE.test(zone) || !HOST_CHARACTERS.test(zone)) return undefined;
  const plain = zone.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return HOST_CHARACTERS.test(plain) ? plain : undefined;
}

function beforeFirst(text: string, separator: string): string {
  const at = text.indexOf(separator);
  return at === -1 ? text : text.slice(0, at);
}

function hasControlCharacter(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (char < 0x20 || char === 0x7f) return true;
  }
  return false;
}
