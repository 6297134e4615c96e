import type { LogEvent, LogEvents } from '@tilewright/log/ports';
import type { Attributes, Level, LogLines } from './log-lines.ts';

/** The try of a call from which on an operator is told of it. */
const TOLD_FROM = 3;

/** What an operator is told of each event of the log. */
export function eventLines(lines: LogLines): LogEvents {
  let lacking = false;
  return {
    emit: (event) => {
      if (event.type === 'cosigned' && event.enough === lacking) {
        // Once when it begins and once when it ends, not for every checkpoint.
        lacking = !event.enough;
        const { size, detail } = event;
        if (lacking) lines.warn('too few witnesses cosigned', { size, detail });
        else lines.info('enough witnesses cosign again', { size, detail });
        return;
      }
      const [level, message, attributes] = describe(event);
      lines[level](message, attributes);
    },
  };
}

function describe(event: LogEvent): readonly [Level, string, Attributes] {
  const { type, ...rest } = event;
  switch (event.type) {
    case 'failed': {
      const { code, message, path } = event.error;
      return ['error', 'the log failed', { code, detail: message, ...(path === undefined ? {} : { path }) }];
    }
    case 'retried': {
      // The first failures of a call are the network's everyday.
      const { what, attempt, detail } = event;
      return [attempt < TOLD_FROM ? 'debug' : 'warn', 'a call failed and is made again', { what, attempt, detail }];
    }
    case 'proof-failed':
      return [
        'error',
        'an inclusion proof of this log does not verify: run tilewright log fsck',
        { index: event.index },
      ];
    default: {
      const [level, message] = WORDS[event.type];
      return [level, message, Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, shown(value)]))];
    }
  }
}

const WORDS: Readonly<
  Record<Exclude<LogEvent['type'], 'failed' | 'retried' | 'proof-failed'>, readonly [Level, string]>
> = {
  opened: ['info', 'log opened'],
  sequenced: ['debug', 'entries sequenced'],
  integrated: ['debug', 'entries integrated'],
  published: ['debug', 'checkpoint published'],
  signed: ['debug', 'checkpoint signed and answered with'],
  cosigned: ['debug', 'witnesses asked'],
  duplicate: ['debug', 'duplicate entry'],
  refused: ['debug', 'entry refused'],
  collected: ['debug', 'partial tiles removed'],
  'dedupe-covered': ['debug', 'entries remembered'],
  'dedupe-mismatch': ['error', 'the index of duplicates is wrong about an entry; it counts as new'],
  repaired: ['warn', 'repaired'],
  stalled: ['warn', 'writing is held up'],
  resumed: ['info', 'writing goes on'],
  closed: ['info', 'log closed'],
};

function shown(value: unknown): string | number | boolean {
  if (typeof value === 'number') return Math.round(value * 100) / 100;
  return typeof value === 'boolean' ? value : String(value);
}
