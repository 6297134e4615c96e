import { type SignatureRow, signatureRows } from '@tilewright/rekor-entry/testing';
import { expect, test } from 'vitest';
import { loadOpenSslEcdsa } from './ecdsa/openssl-ecdsa.ts';
import { portableEcdsa } from './ecdsa/portable-ecdsa.ts';
import { createVerifySignature } from './verify-signature.ts';

const rows: readonly SignatureRow[] = signatureRows();
const backends = [await loadOpenSslEcdsa(), portableEcdsa];

test.each(backends)('$name answers every row of the entry package', (backend) => {
  const verify = createVerifySignature(backend);
  expect(rows.filter(({ valid }) => valid).length).toBeGreaterThan(20);
  expect(rows.filter(({ valid }) => !valid).length).toBeGreaterThan(20);
  for (const { name, key, input, signature, valid } of rows) expect(verify(key, input, signature), name).toBe(valid);
});
