import { argv, stdin, stdout } from 'node:process';
import { asHash } from '@tilewright/core/bytes';
import { realClock, realEntropy, recordEvents } from '@tilewright/log/testing';
import { openPosixStore } from '../open-posix-store.ts';

/** Run as a process of its own: opens the log in the given directory and holds it until it is killed. */
const [, , dir = '.', origin = ''] = argv;
await openPosixStore({
  dir,
  identity: { origin, logId: asHash(new Uint8Array(32).fill(7)) },
  clock: realClock(),
  entropy: realEntropy(),
  events: recordEvents(),
  mode: 'open-or-create',
  dedupe: true,
  limits: { segmentBytes: 64 * 1024, reserveBytes: 64 * 1024 },
});
stdout.write('held\n');
// Lives as long as whoever started it keeps the other end open.
stdin.resume();
