import { readFileSync } from 'node:fs';
import { fromJson, toBinary } from '@bufbuild/protobuf';
import { decodeBase64, decodeUtf8, encodeHex, encodeUtf8 } from '@tilewright/core/bytes';
import { leafHash, sha256 } from '@tilewright/core/hash';
import { CreateEntryRequestSchema, EntrySchema } from '@tilewright/rekor-proto';
import { expect, test } from 'vitest';
import { dsseBody, type LeafVerifier } from './body/canonical-body.ts';
import { leafBodyFor } from './body/leaf-body-for.ts';
import { PERMITTED_ALGORITHMS } from './keys/permitted-algorithms.ts';
import { prepareEntry } from './prepare-entry.ts';
import { nobleVerify } from './testing/noble-verify.ts';

const VECTORS = JSON.parse(
  readFileSync(new URL('../../../testdata/rekor-tiles-vectors.json', import.meta.url), 'utf8'),
);
const RULES = { algorithms: PERMITTED_ALGORITHMS, acceptDsse: true };

interface RequestVector {
  readonly name: string;
  readonly request: Parameters<typeof fromJson>[1];
  readonly canonicalizedBody_derived: string;
  readonly leafHashHex: string;
  readonly dedupIdentityHex?: string;
}

const requests: RequestVector[] = [...VECTORS.hashedrekord, ...VECTORS.dsse];

test.each(requests)('the request "$name" makes its leaf, as JSON and on the wire', (vector) => {
  const json = encodeUtf8(JSON.stringify(vector.request));
  const wire = toBinary(CreateEntryRequestSchema, fromJson(CreateEntryRequestSchema, vector.request));
  for (const request of [{ kind: 'json', body: json } as const, { kind: 'proto', body: wire } as const]) {
    const entry = prepareEntry(request, RULES, nobleVerify);
    expect(entry).toMatchObject({ ok: true, version: '0.0.2' });
    if (!entry.ok) continue;
    expect(decodeUtf8(entry.body)).toBe(vector.canonicalizedBody_derived);
    expect(encodeHex(entry.leafHash)).toBe(vector.leafHashHex);
    if (vector.dedupIdentityHex !== undefined) expect(encodeHex(sha256(entry.body))).toBe(vector.dedupIdentityHex);
  }
});

interface Captured {
  readonly name: string;
  readonly tle: { readonly canonicalizedBody: string; readonly kindVersion: { readonly kind: string } };
}

test.each(VECTORS.captured as Captured[])(
  'the leaf of "$name", from a real log, is made again from its parts',
  ({ tle }) => {
    const leaf = decodeBase64(tle.canonicalizedBody);
    const { spec } = fromJson(EntrySchema, JSON.parse(decodeUtf8(leaf)));
    expect(spec?.spec.case).toBe(tle.kindVersion.kind === 'dsse' ? 'dsseV002' : 'hashedRekordV002');
    if (spec?.spec.case === 'hashedRekordV002') {
      const { data, signature } = spec.spec.value;
      const verifier = signature?.verifier?.verifier;
      if (data === undefined || signature === undefined || !verifier?.case) throw new Error('incomplete vector');
      const parts = {
        digest: data.digest,
        signature: signature.content,
        verifier: { kind: verifier.case, rawBytes: verifier.value.rawBytes },
      };
      expect(decodeUtf8(leafBodyFor(parts))).toBe(decodeUtf8(leaf));
      const request = {
        hashedRekordRequestV002: {
          digest: JSON.parse(decodeUtf8(leaf)).spec.hashedRekordV002.data.digest,
          signature: JSON.parse(decodeUtf8(leaf)).spec.hashedRekordV002.signature,
        },
      };
      const entry = prepareEntry({ kind: 'json', body: encodeUtf8(JSON.stringify(request)) }, RULES, nobleVerify);
      expect(entry.ok && encodeHex(entry.leafHash)).toBe(encodeHex(leafHash(leaf)));
    }
    if (spec?.spec.case === 'dsseV002') {
      const { payloadHash, signatures } = JSON.parse(decodeUtf8(leaf)).spec.dsseV002;
      const parts = signatures.map((signature: SignatureJson) => ({
        content: decodeBase64(signature.content),
        verifier: verifierOf(signature.verifier),
      }));
      expect(decodeUtf8(dsseBody(decodeBase64(payloadHash.digest), parts))).toBe(decodeUtf8(leaf));
    }
  },
);

interface SignatureJson {
  readonly content: string;
  readonly verifier: Readonly<Record<'publicKey' | 'x509Certificate', { readonly rawBytes: string } | undefined>> & {
    readonly keyDetails: LeafVerifier['keyDetails'];
  };
}

function verifierOf({ publicKey, x509Certificate, keyDetails }: SignatureJson['verifier']): LeafVerifier {
  const kind = publicKey === undefined ? 'x509Certificate' : 'publicKey';
  const rawBytes = decodeBase64((publicKey ?? x509Certificate)?.rawBytes ?? '');
  return { kind, rawBytes, keyDetails };
}
