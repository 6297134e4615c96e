// Makes src/testing/gen/fixtures.ts: public keys, and signatures by them. The keys are new at every run and their private
// halves are forgotten, so run it only to add something: `node tools/make-fixtures.ts`.
import { constants, generateKeyPairSync, hash, type KeyObject, privateEncrypt, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ed25519, ed25519ph } from '@noble/curves/ed25519.js';
import { preAuthEncoding } from '../src/dsse/pre-auth-encoding.ts';
import { DSSE_TYPE } from '../src/testing/build/dsse-type.ts';

type HashName = 'sha256' | 'sha384' | 'sha512';
type Signed = readonly [input: string, signature: string];

/** A private key: what is signed, how, and the public half. */
interface Key {
  readonly spki: Uint8Array;
  /** Signs a text by its digest, or as it is. */
  readonly sign: (text: Uint8Array, hashName: HashName | undefined) => Uint8Array;
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const spkiOf = (key: KeyObject) => key.export({ type: 'spki', format: 'der' });

function nodeKey({ publicKey, privateKey }: { readonly publicKey: KeyObject; readonly privateKey: KeyObject }): Key {
  return { spki: spkiOf(publicKey), sign: (text, hashName) => sign(hashName, text, privateKey) };
}

function ed25519Key(): Key {
  const { secretKey, publicKey } = ed25519.keygen();
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), publicKey]);
  return { spki, sign: (text, hashName) => (hashName === undefined ? ed25519 : ed25519ph).sign(text, secretKey) };
}

/** `count` signatures over `<name> <number>`, each with its digest. */
function digests(name: string, { sign: signText }: Key, hashName: HashName, count: number): Signed[] {
  return Array.from({ length: count }, (_, i) => {
    const text = Buffer.from(`${name} ${i}`);
    return [hash(hashName, text, 'base64'), base64(signText(text, hashName))];
  });
}

/** Signatures over the envelopes of payload `dsse 0` to `dsse 3`, each with its payload. */
function envelopes({ sign: signText }: Key, hashName: HashName | undefined): Signed[] {
  return [0, 1, 2, 3].map((i) => {
    const payload = Buffer.from(`dsse ${i}`);
    return [base64(payload), base64(signText(preAuthEncoding(DSSE_TYPE, payload), hashName))];
  });
}

/** Signatures whose padding is wrong in ways that a lenient verifier overlooks. */
function badPaddings(privateKey: KeyObject): Signed[] {
  const text = Buffer.from('paddings');
  const digest = hash('sha256', text, 'buffer');
  const info = Buffer.concat([Buffer.from('3031300d060960864801650304020105000420', 'hex'), digest]);
  const infoWithoutNull = Buffer.concat([Buffer.from('302f300b06096086480165030402010420', 'hex'), digest]);
  const padded = (content: Buffer, type: number, padding = 256 - 3 - content.length) => {
    const rest = Buffer.alloc(256 - 3 - padding - content.length);
    return Buffer.concat([Buffer.from([0, type]), Buffer.alloc(padding, 0xff), Buffer.from([0]), content, rest]);
  };
  const messages = [padded(infoWithoutNull, 1), padded(info, 1, 8), padded(digest, 1), padded(info, 2)];
  const raw = { key: privateKey, padding: constants.RSA_NO_PADDING };
  const signatures = messages.map((message) => privateEncrypt(raw, message));
  signatures.push(sign('sha256', text, { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING }));
  signatures.push(sign('sha512', text, privateKey));
  return signatures.map((signature) => [base64(digest), base64(signature)]);
}

const ec = (namedCurve: string) => nodeKey(generateKeyPairSync('ec', { namedCurve }));
const rsa = (modulusLength: number, publicExponent = 65537) =>
  generateKeyPairSync('rsa', { modulusLength, publicExponent });

const p256 = ec('P-256');
const otherP256 = ec('P-256');
const p384 = ec('P-384');
const p521 = ec('P-521');
const edwards = ed25519Key();
const rsaPair = rsa(2048);
const rsa2048 = nodeKey(rsaPair);

const fixtures: [name: string, key: Key, signed: (name: string, key: Key) => Signed[]][] = [];
const add = (name: string, key: Key, signed: (name: string, key: Key) => Signed[] = () => []) =>
  fixtures.push([name, key, signed]);
const over = (hashName: HashName, count: number) => (name: string, key: Key) => digests(name, key, hashName, count);

add('p256', p256, over('sha256', 120));
add('otherP256', otherP256, over('sha256', 2));
add('p384', p384, over('sha384', 10));
add('p384Sha256', p384, over('sha256', 2));
add('p521', p521, over('sha512', 10));
add('p521Sha256', p521, over('sha256', 2));
add('p224', ec('secp224r1'), over('sha256', 1));
add('secp256k1', ec('secp256k1'), over('sha256', 1));
add('ed25519ph', edwards, over('sha512', 8));
add('rsa1024', nodeKey(rsa(1024)), over('sha256', 1));
add('rsa2040', nodeKey(rsa(2040)), over('sha256', 1));
add('rsa2041', nodeKey(rsa(2041)), over('sha256', 1));
add('rsa2047', nodeKey(rsa(2047)), over('sha256', 1));
add('rsa2048', rsa2048, over('sha256', 8));
add('rsa2048Sha512', rsa2048, over('sha512', 1));
add('rsa2048Paddings', rsa2048, () => badPaddings(rsaPair.privateKey));
add('rsa2048E3', nodeKey(rsa(2048, 3)), over('sha256', 1));
add('rsa2056', nodeKey(rsa(2056)), over('sha256', 1));
add('rsa3072', nodeKey(rsa(3072)), over('sha256', 4));
add('rsa4096', nodeKey(rsa(4096)), over('sha256', 3));
add('dsseP256', p256, (_, key) => envelopes(key, 'sha256'));
add('dsseOtherP256', otherP256, (_, key) => envelopes(key, 'sha256'));
add('dsseP384', p384, (_, key) => envelopes(key, 'sha384'));
add('dsseP521', p521, (_, key) => envelopes(key, 'sha512'));
add('dsseRsa', rsa2048, (_, key) => envelopes(key, 'sha256'));
add('dsseEd25519', edwards, (_, key) => envelopes(key, undefined));
add('dsseEd25519ph', edwards, (_, key) => envelopes(key, 'sha512'));
add('x25519', nodeKey(generateKeyPairSync('x25519')));
add('ed448', nodeKey(generateKeyPairSync('ed448')));
add('dsa', nodeKey(generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 })));
add('p256Explicit', nodeKey(generateKeyPairSync('ec', { namedCurve: 'P-256', paramEncoding: 'explicit' })));

const entries = fixtures.map(([name, key, signed]) => {
  const rows = signed(name, key).map(([input, signature]) => `      ['${input}', '${signature}'],\n`);
  return `  ${name}: {\n    spki: '${base64(key.spki)}',\n    signed: [\n${rows.join('')}    ],\n  },\n`;
});
const text = `// Made by tools/make-fixtures.ts. Base64 throughout.

/** A public key, and what its forgotten private half signed: [digest, or envelope's payload, and signature]. */
export interface Fixture {
  readonly spki: string;
  readonly signed: readonly (readonly [string, string])[];
}

export type FixtureName =
${fixtures.map(([name]) => `  | '${name}'`).join('\n')};

export const FIXTURES: Readonly<Record<FixtureName, Fixture>> = {
${entries.join('')}};
`;
writeFileSync(join(import.meta.dirname, '..', 'src', 'testing', 'gen', 'fixtures.ts'), text);
