import { expect, test } from 'vitest';
import { chooseEcdsaBackend } from './choose-backend.ts';

test('OpenSSL is chosen where it can be called', async () => {
  const { backend, fallbackReason } = await chooseEcdsaBackend();
  expect(backend.name).toBe('openssl');
  expect(fallbackReason).toBeUndefined();
});

test('pure JavaScript is chosen, with the reason, where it cannot', async () => {
  const { backend, fallbackReason } = await chooseEcdsaBackend(async () => {
    throw new Error("Cannot find function 'ECDSA_verify'");
  });
  expect(backend.name).toBe('portable');
  expect(fallbackReason).toContain('ECDSA_verify');
});
