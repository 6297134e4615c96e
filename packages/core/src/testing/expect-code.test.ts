import { expect, test } from 'vitest';
import { CoreError } from '../core-error.ts';
import { expectCode, expectCodeAsync } from './expect-code.ts';

function fail(): never {
  throw new CoreError('mismatch', 'no', { cause: 'because' });
}

test('the error comes back, with its cause', async () => {
  expect(expectCode(fail, CoreError, 'mismatch')).toMatchObject({ name: 'CoreError', message: 'no', cause: 'because' });
  expect((await expectCodeAsync(async () => fail(), CoreError, 'mismatch')).code).toBe('mismatch');
});

test('another code, another class and no error at all fail the test', async () => {
  expect(() => expectCode(fail, CoreError, 'malformed')).toThrow('its code is mismatch');
  expect(() =>
    expectCode(
      () => {
        throw new Error('other');
      },
      CoreError,
      'mismatch',
    ),
  ).toThrow('expected CoreError');
  expect(() => expectCode(() => 1, CoreError, 'mismatch')).toThrow('nothing was thrown');
  expect(() => expectCode(() => Promise.resolve(), CoreError, 'mismatch')).toThrow('use expectCodeAsync');
  await expect(expectCodeAsync(async () => 1, CoreError, 'mismatch')).rejects.toThrow('the promise was fulfilled');
});
