import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { p256, p384, p521 } from '@noble/curves/nist.js';
import type { EcdsaCurve } from '@tilewright/rekor-entry';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CURVE_SIZES, type EcdsaBackend } from './ecdsa-backend.ts';
import { readDerSignature } from './ecdsa-signature.ts';
import { loadOpenSslEcdsa } from './openssl-ecdsa.ts';
import { portableEcdsa } from './portable-ecdsa.ts';

const HASHES = { 'P-256': 'sha256', 'P-384': 'sha384', 'P-521': 'sha512' } as const;
const POINTS = { 'P-256': p256.Point, 'P-384': p384.Point, 'P-521': p521.Point } as const;
const CURVES = Object.keys(HASHES) as EcdsaCurve[];
const openssl = await loadOpenSslEcdsa();
const BACKENDS: readonly EcdsaBackend[] = [openssl, portableEcdsa];

function bytesOf(n: bigint, size?: number): Uint8Array {
  const hex = n.toString(16);
  const even = hex.padStart(size === undefined ? hex.length + (hex.length % 2) : 2 * size, '0');
  return Uint8Array.from(Buffer.from(even, 'hex'));
}
const numberOf = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);

/** A DER integer of any value, zero and negative (given as content) included. */
const integer = (n: bigint): number[] => {
  const content = [...bytesOf(n)];
  if ((content[0] ?? 0) >= 0x80) content.unshift(0);
  return [2, content.length, ...content];
};
const der = (r: bigint, s: bigint): Uint8Array => {
  const content = [...integer(r), ...integer(s)];
  return Uint8Array.from([0x30, ...(content.length < 0x80 ? [content.length] : [0x81, content.length]), ...content]);
};

interface Signed {
  readonly point: Uint8Array;
  readonly digest: Uint8Array;
  readonly signature: Uint8Array;
}
function signed(curve: EcdsaCurve, message = `message on ${curve}`): Signed {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: curve });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  return {
    point: Uint8Array.from(spki.subarray(spki.length - 1 - 2 * CURVE_SIZES[curve].number)),
    digest: Uint8Array.from(createHash(HASHES[curve]).update(message).digest()),
    signature: Uint8Array.from(sign(HASHES[curve], Buffer.from(message), privateKey)),
  };
}

interface Case extends Signed {
  readonly name: string;
  readonly good: boolean;
}

/** Every way that we know of in which a signature, key or digest is bent, and what must be said of it. */
function cases(curve: EcdsaCurve): Case[] {
  const one = signed(curve);
  const other = signed(curve, 'another message');
  const { n, p } = POINTS[curve].CURVE();
  const size = CURVE_SIZES[curve].number;
  const numbers = readDerSignature(one.signature);
  if (numbers === undefined) throw new Error('node:crypto made no DER signature');
  const r = numberOf(numbers.r);
  const s = numberOf(numbers.s);
  const raw = [...integer(r), ...integer(s)];
  const x = numberOf(one.point.subarray(1, 1 + size));
  const y = numberOf(one.point.subarray(1 + size));
  const list: Case[] = [];
  const add = (name: string, good: boolean, change: Partial<Signed>): void => {
    list.push({ name: `${curve}: ${name}`, good, ...one, ...change });
  };
  add('as signed', true, {});
  add('s flipped to n - s', true, { signature: der(r, n - s) });
  // The entry package turns this form into DER before it asks.
  add('P1363', false, { signature: Uint8Array.from([...bytesOf(r, size), ...bytesOf(s, size)]) });
  for (const [name, a, b] of [
    ['r zero', 0n, s],
    ['s zero', r, 0n],
    ['both zero', 0n, 0n],
    ['r one', 1n, s],
    ['r = s = 1', 1n, 1n],
    ['r = n', n, s],
    ['s = n', r, n],
    ['r = n - 1', n - 1n, s],
    ['s + n', r, s + n],
    ['r + n', r + n, s],
    ['r + p', r + p, s],
    ['r and s swapped', s, r],
    ['r = p, s = p', p, p],
    ['s off by one', r, s + 1n],
  ] as const) {
    add(name, false, { signature: der(a, b) });
  }
  add('empty', false, { signature: new Uint8Array(0) });
  add('one byte', false, { signature: Uint8Array.of(0x30) });
  add('empty sequence', false, { signature: Uint8Array.of(0x30, 0) });
  add('sequence of one integer', false, { signature: Uint8Array.from([0x30, integer(r).length, ...integer(r)]) });
  add('last byte missing', false, { signature: one.signature.subarray(0, -1) });
  add('two bytes missing', false, { signature: one.signature.subarray(0, -2) });
  add('one trailing byte', false, { signature: Uint8Array.from([...one.signature, 0]) });
  add('two trailing bytes', false, { signature: Uint8Array.from([...one.signature, 0, 0]) });
  add('third integer', false, {
    signature: Uint8Array.from([0x30, ...(raw.length + 3 < 128 ? [] : [0x81]), raw.length + 3, ...raw, 2, 1, 1]),
  });
  add('set instead of sequence', false, { signature: Uint8Array.from([0x31, ...one.signature.subarray(1)]) });
  add('long form of a longer length', false, { signature: Uint8Array.from([0x30, 0x82, 0, raw.length, ...raw]) });
  if (raw.length < 128)
    add('long form of a short length', false, { signature: Uint8Array.from([0x30, 0x81, raw.length, ...raw]) });
  add('indefinite length', false, { signature: Uint8Array.from([0x30, 0x80, ...raw, 0, 0]) });
  const paddedR = [2, (raw[1] ?? 0) + 1, 0, ...raw.slice(2)];
  add('r with a superfluous zero', false, {
    signature: Uint8Array.from([0x30, ...(paddedR.length < 128 ? [] : [0x81]), paddedR.length, ...paddedR]),
  });
  const negative = [2, size, 0xff, ...bytesOf(r, size).subarray(1), ...integer(s)];
  add('negative r', false, {
    signature: Uint8Array.from([0x30, ...(negative.length < 128 ? [] : [0x81]), negative.length, ...negative]),
  });
  add("another key's signature", false, { signature: other.signature });
  add("another key's point", false, { point: other.point });
  add('another digest', false, { digest: other.digest });
  add('digest all zero', false, { digest: new Uint8Array(one.digest.length) });
  add('digest cut', false, { digest: one.digest.subarray(0, -1) });
  add('digest with a zero behind', false, { digest: Uint8Array.from([...one.digest, 0]) });
  add('digest empty', false, { digest: new Uint8Array(0) });
  add('point off the curve', false, {
    point: Uint8Array.from([4, ...bytesOf(x, size), ...bytesOf((y + 1n) % p, size)]),
  });
  add('point (0, 0)', false, { point: Uint8Array.from([4, ...new Uint8Array(2 * size)]) });
  add('point mirrored', false, { point: Uint8Array.from([4, ...bytesOf(x, size), ...bytesOf(p - y, size)]) });
  add('coordinate = p', false, { point: Uint8Array.from([4, ...bytesOf(p, size), ...bytesOf(y, size)]) });
  add('compressed point', false, { point: Uint8Array.from([y % 2n === 0n ? 2 : 3, ...bytesOf(x, size)]) });
  add('hybrid point', false, { point: Uint8Array.from([y % 2n === 0n ? 6 : 7, ...one.point.subarray(1)]) });
  add('point at infinity', false, { point: Uint8Array.of(0) });
  add('empty point', false, { point: new Uint8Array(0) });
  add('point cut', false, { point: one.point.subarray(0, -1) });
  add('point with a byte behind', false, { point: Uint8Array.from([...one.point, 0]) });
  for (const foreign of CURVES.filter((name) => name !== curve)) {
    const stranger = signed(foreign);
    add(`key of ${foreign}`, false, { point: stranger.point });
    add(`key, digest and signature of ${foreign}`, false, stranger);
  }
  return list;
}

for (const backend of BACKENDS) {
  test(`${backend.name}: the table of good and bad signatures`, () => {
    for (const curve of CURVES) {
      for (const { name, good, point, digest, signature } of cases(curve)) {
        expect(backend.verify(curve, point, digest, signature), name).toBe(good);
      }
    }
  });

  test(`${backend.name}: a digest above the group order is reduced as FIPS 186-5 says`, () => {
    const { n, p } = POINTS['P-256'].CURVE();
    const secret = bytesOf(n - 12345n, 32);
    const digest = new Uint8Array(32).fill(0xff);
    const signature = p256.sign(digest, secret, { prehash: false, format: 'der' });
    expect(numberOf(digest) > p).toBe(true);
    expect(backend.verify('P-256', p256.getPublicKey(secret, false), digest, signature)).toBe(true);
  });

  test(`${backend.name}: bytes inside a larger buffer are read at their offset`, () => {
    const { point, digest, signature } = signed('P-256');
    const whole = Uint8Array.from([9, 9, 9, ...point, 8, ...digest, 7, ...signature, 6]);
    const at = 3 + point.length + 1;
    const end = at + digest.length + 1;
    const parts = [whole.subarray(3, 3 + point.length), whole.subarray(at, end - 1)] as const;
    expect(backend.verify('P-256', ...parts, whole.subarray(end, -1))).toBe(true);
    expect(backend.verify('P-256', ...parts, whole.subarray(end))).toBe(false);
  });
}

test('x of the nonce point above n: r + n is the x coordinate, r the signature number', () => {
  // Such a nonce cannot be found by trying (probability 2^-32 on P-256), so the key is built around the point instead.
  const { n, p } = POINTS['P-256'].CURVE();
  const digest = Uint8Array.from(createHash('sha256').update('r overflows').digest());
  let x = n;
  let nonce = POINTS['P-256'].ZERO;
  for (; x < p && nonce.is0(); x += 1n) {
    try {
      nonce = POINTS['P-256'].fromHex(`02${Buffer.from(bytesOf(x, 32)).toString('hex')}`);
    } catch {}
  }
  const r = nonce.x - n;
  const s = 7n;
  // Q = r^-1 (s R - e G) makes (r, s) a signature of e by Q.
  const { Fn } = POINTS['P-256'];
  const e = Fn.create(numberOf(digest));
  const inverse = Fn.inv(r);
  const point = nonce.multiply(Fn.mul(s, inverse)).subtract(POINTS['P-256'].BASE.multiply(Fn.mul(e, inverse)));
  expect(r > 0n && r < p - n).toBe(true);
  for (const backend of BACKENDS) {
    expect(backend.verify('P-256', point.toBytes(false), digest, der(r, s)), backend.name).toBe(true);
    expect(backend.verify('P-256', point.toBytes(false), digest, der(r + n, s)), backend.name).toBe(false);
  }
});

test('both backends say the same about random changes', () => {
  const originals = CURVES.map((curve) => ({ curve, ...signed(curve) }));
  const changes = fc.array(fc.tuple(fc.nat(200), fc.integer({ min: 0, max: 255 })), { maxLength: 2 });
  const changed = (bytes: Uint8Array, list: readonly (readonly [number, number])[]): Uint8Array => {
    const copy = Uint8Array.from(bytes);
    for (const [at, value] of list) copy[at % copy.length] = value;
    return copy;
  };
  fc.assert(
    fc.property(fc.constantFrom(...originals), fc.nat(2), changes, (original, part, list) => {
      const point = part === 0 ? changed(original.point, list) : original.point;
      const digest = part === 1 ? changed(original.digest, list) : original.digest;
      const signature = part === 2 ? changed(original.signature, list) : original.signature;
      const [fast, slow] = BACKENDS.map((backend) => backend.verify(original.curve, point, digest, signature));
      expect(fast).toBe(slow);
    }),
    { numRuns: 150 },
  );
});

test('both backends say the same about random bytes', () => {
  fc.assert(
    fc.property(fc.constantFrom(...CURVES), fc.uint8Array({ maxLength: 140 }), (curve, signature) => {
      const { point, digest } = signed(curve);
      expect(openssl.verify(curve, point, digest, signature)).toBe(false);
      expect(portableEcdsa.verify(curve, point, digest, signature)).toBe(false);
    }),
    { numRuns: 50 },
  );
});

test('r and s come out of DER as they went in', () => {
  const number = fc.bigInt({ min: 1n, max: 2n ** 521n - 1n });
  fc.assert(
    fc.property(number, number, (r, s) => {
      expect(readDerSignature(der(r, s))).toEqual({ r: bytesOf(r), s: bytesOf(s) });
    }),
  );
});
