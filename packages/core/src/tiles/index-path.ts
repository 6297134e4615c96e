import { CoreError } from '../core-error.ts';

const GROUP = 3;
// 2^63-1 has 19 digits, which is 7 groups.
const INDEX_PATH = /^(?:x[0-9]{3}\/){0,6}[0-9]{3}$/;

/**
 * A tile index, given in decimal digits, as path elements: groups of three digits, all but the last marked with `x`
 * (tlog-tiles, "Merkle Tree"). It works on digits, not numbers, because indexes of the format go beyond 2^53.
 */
export function formatIndexPath(digits: string): string {
  const padded = digits.padStart(Math.ceil(digits.length / GROUP) * GROUP, '0');
  let path = padded.slice(-GROUP);
  for (let end = padded.length - GROUP; end > 0; end -= GROUP) path = `x${padded.slice(end - GROUP, end)}/${path}`;
  return path;
}

/**
 * The decimal digits of the index that path elements name, without leading zeros.
 *
 * @throws CoreError `malformed`
 */
export function parseIndexPath(path: string): string {
  if (!INDEX_PATH.test(path) || path.startsWith('x000/')) {
    throw new CoreError('malformed', 'not the path of a tile index: groups of three digits, x before all but the last');
  }
  const digits = path.replaceAll('x', '').replaceAll('/', '').replace(/^0+/, '');
  return digits === '' ? '0' : digits;
}
