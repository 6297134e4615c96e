import { decodeUtf8 } from '@tilewright/core/bytes';
import type { WitnessEvents } from '@tilewright/witness/server';
import type { LogLines } from '../../diagnostics/log-lines.ts';

/** What an operator is told of each event of a witness. */
export function witnessEventLines(lines: LogLines): WitnessEvents {
  return {
    emit: (event) => {
      switch (event.type) {
        case 'cosigned': {
          const { origin, size, timestamp, isFirst } = event;
          if (isFirst) lines.info('first checkpoint of a log cosigned', { origin, size });
          else lines.debug('checkpoint cosigned', { origin, size, timestamp });
          return;
        }
        case 'refused':
          lines.debug('request refused', { endpoint: event.endpoint, status: event.status, reason: event.reason });
          return;
        case 'conflict':
          lines.error('a log signed two trees of one size: keep these two checkpoints, they are the evidence', {
            origin: event.origin,
            size: event.size,
            cosigned: decodeUtf8(event.cosigned),
            offered: decodeUtf8(event.offered),
          });
          return;
        case 'not-stored':
          lines.error('the state cannot be used: nothing is signed', {
            code: event.error.code,
            detail: event.error.message,
          });
          return;
        case 'failed':
          lines.error('a request failed', { detail: shown(event.error) });
          return;
      }
    },
  };
}

function shown(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
