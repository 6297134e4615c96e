import { readFileSync } from 'node:fs';

/** Descriptors that the log and the process itself may need. */
const RESERVED = 256;
const MOST = 8192;
const LISTENERS = 2;

/** How many connections each API listener may have, so that clients cannot eat the descriptors that the log needs. */
export function connectionLimit(): number {
  const limit = openFilesLimit();
  if (limit === undefined) return MOST;
  return Math.max(16, Math.min(MOST, Math.floor((limit - RESERVED) / LISTENERS)));
}

/** The process' limit of open files, where it can be known. Node raises the soft one to the hard one at its start. */
function openFilesLimit(): number | undefined {
  try {
    const line = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'));
    return line === null ? undefined : Number(line[1]);
  } catch {
    return undefined;
  }
}
