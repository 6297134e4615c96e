import { lookup } from 'node:dns/promises';
import { BlockList, isIPv6 } from 'node:net';
import type { Endpoint } from '../net/endpoint.ts';
import { Refused } from '../refused.ts';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');
LOOPBACK.addSubnet('::ffff:127.0.0.0', 104, 'ipv6');

/**
 * Where a log is, from its URL.
 * @param isOwned whether the user said that an address elsewhere is theirs to load
 * @throws Refused for what is no http or https URL, a name that does not resolve, or an address that is not of this
 *   machine unless `isOwned`
 */
export async function resolveAddress(text: string, isOwned: boolean): Promise<Endpoint> {
  const url = URL.parse(text);
  const isSecure = url?.protocol === 'https:';
  if (url === null || (!isSecure && url.protocol !== 'http:') || /[?#\s]/.test(text) || url.username !== '') {
    throw new Refused('the address of a log is an http or https URL, such as http://127.0.0.1:2025');
  }
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  const addresses = await resolve(hostname);
  const elsewhere = addresses.find((address) => !isLoopback(address));
  if (elsewhere !== undefined && !isOwned) {
    const where = elsewhere === hostname ? '' : ` (${elsewhere})`;
    throw new Refused(
      `${hostname}${where} is not this machine. A load run can take a server down: if it is yours, ` +
        'say so with --i-own-this-server',
    );
  }
  return {
    url: text.replace(/\/+$/, ''),
    isSecure,
    address: addresses[0] ?? hostname,
    port: Number(url.port) || (isSecure ? 443 : 80),
    hostname,
    host: url.host,
    path: url.pathname.replace(/\/+$/, ''),
  };
}

/** Whether packets to this IP address stay on this machine. */
export function isLoopback(address: string): boolean {
  return LOOPBACK.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** IPv4 first: `localhost` often is both, and most servers listen on the one alone. */
async function resolve(hostname: string): Promise<readonly string[]> {
  try {
    const found = await lookup(hostname, { all: true, order: 'ipv4first' });
    return found.map(({ address }) => address);
  } catch (cause) {
    throw new Refused(`there is no host ${hostname}`, { cause });
  }
}
