import { LogError } from '@tilewright/log';
import { expect, test } from 'vitest';
import { eventLines } from './event-lines.ts';
import { type LogLines, logLines } from './log-lines.ts';

function writer(
  format: 'text' | 'json',
  level: 'debug' | 'info' | 'warn' | 'error' = 'debug',
): { lines: LogLines; written: string[] } {
  const written: string[] = [];
  return { written, lines: logLines({ format, level, write: (line) => void written.push(line), nowMs: () => 0 }) };
}

test('text lines quote what would break them', () => {
  const { lines, written } = writer('text');
  lines.info('Loaded signing key', { 'pubkey in base64 DER': 'MCow+/==', path: '/a/b', evil: 'x"\nlevel=ERROR' });
  expect(written).toEqual([
    'time=1970-01-01T00:00:00.000Z level=INFO msg="Loaded signing key" "pubkey in base64 DER"="MCow+/==" path=/a/b evil="x\\"\\nlevel=ERROR"',
  ]);
});

test('JSON lines are one object each, and lower levels are left out', () => {
  const { lines, written } = writer('json', 'warn');
  lines.info('no');
  lines.debug('no');
  lines.warn('yes', { n: 1 });
  expect(written.map((line) => JSON.parse(line))).toEqual([
    { time: '1970-01-01T00:00:00.000Z', level: 'WARN', msg: 'yes', n: 1 },
  ]);
});

test('a failure is an error line with its code and path', () => {
  const { lines, written } = writer('json');
  eventLines(lines).emit({
    type: 'failed',
    error: new LogError('object-conflict', 'two byte strings', { path: 'tile/0/000' }),
  });
  expect(JSON.parse(written[0] ?? '')).toMatchObject({
    level: 'ERROR',
    code: 'object-conflict',
    detail: 'two byte strings',
    path: 'tile/0/000',
  });
});
