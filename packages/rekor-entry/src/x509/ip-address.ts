/** Whether a text is an IPv4 address: four decimal numbers to 255 without leading zeros. */
export function isIpv4(text: string): boolean {
  const numbers = text.split('.');
  return (
    numbers.length === 4 && numbers.every((number) => /^(0|[1-9][0-9]{0,2})$/.test(number) && Number(number) < 256)
  );
}

/** Whether a text is an IPv6 address (RFC 4291, 2.2), without brackets or zone. */
export function isIpv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const [head = '', tail] = halves;
  const headGroups = groupsIn(head, tail === undefined);
  if (headGroups === undefined) return false;
  if (tail === undefined) return headGroups === 8;
  const tailGroups = groupsIn(tail, true);
  // The gap stands for at least one group.
  return tailGroups !== undefined && headGroups + tailGroups < 8;
}

/** How many groups of 16 bits a text of groups holds; undefined if it is none. An IPv4 address may end the last. */
function groupsIn(text: string, isLast: boolean): number | undefined {
  if (text === '') return 0;
  const parts = text.split(':');
  const last = parts.at(-1) ?? '';
  const endsInIpv4 = isLast && isIpv4(last);
  const hexParts = endsInIpv4 ? parts.slice(0, -1) : parts;
  if (!hexParts.every((part) => /^[0-9A-Fa-f]{1,4}$/.test(part))) return undefined;
  return hexParts.length + (endsInIpv4 ? 2 : 0);
}
