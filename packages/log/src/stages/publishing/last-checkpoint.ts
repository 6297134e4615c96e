import { frozenLineOf, parseCheckpoint } from '@tilewright/core/checkpoint';
import { parseNote } from '@tilewright/core/note';
import { LogError } from '../../log-error.ts';
import { type Clock, HALTED } from '../../ports/index.ts';

/** The line of a stored checkpoint, opened before, that says that the log takes nothing more; nothing where it goes on. */
export function publishedLine(note: Uint8Array): string | undefined {
  return frozenLineOf(parseCheckpoint(parseNote(note).text));
}

/** The time of a freeze that begins now, in whole milliseconds since 1970; never the one that says that nobody meant it. */
export function freezeTime(clock: Pick<Clock, 'wallMs'>): number {
  return Math.max(HALTED + 1, Math.trunc(clock.wallMs()));
}

/** The checkpoint is a log's last, and the state has more: nobody will ever believe a second end. */
export function goesOnAfterTheLast(size: number, next: number): LogError {
  return new LogError(
    'fork',
    `the checkpoint says that the log was frozen with ${size} entries, but its state has ${next} and goes on: it is another state than the one that was frozen`,
    { path: 'checkpoint' },
  );
}
