import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { allTargets } from './all-targets.ts';

/** The target of each public function that takes bytes or text from outside. */
const TARGET_OF: Readonly<Record<string, string>> = {
  checkAddCheckpoint: 'check-add-checkpoint',
  checkEd25519Key: 'ed25519-key',
  checkSignSubtree: 'check-sign-subtree',
  decodeBase64: 'base64',
  decodeCtExtensions: 'ct-extensions',
  decodeDataTile: 'data-tile',
  decodeEntryBundle: 'entry-bundle',
  decodeHashTile: 'hash-tile',
  decodeHex: 'hex',
  decodePackage: 'entry-package',
  decodeTileLeaf: 'tile-leaf',
  decodeUploadHeader: 'upload-header',
  decodeUtf8: 'utf8',
  ecdsaNoteVerifier: 'ecdsa-key',
  ed25519CosignatureVerifier: 'ed25519-key',
  ed25519NoteVerifier: 'ed25519-key',
  mlDsaNoteVerifier: 'ml-dsa-key',
  openCheckpoint: 'open-checkpoint',
  openCosignatures: 'cosignatures',
  openNote: 'open-note',
  openWithPolicy: 'verify-tlog-proof',
  parseAddCheckpoint: 'add-checkpoint',
  parseCheckpoint: 'checkpoint',
  parseCosignatureV1Message: 'cosignature-v1',
  parseDataTilePath: 'data-tile-path',
  parseDecimal: 'decimal',
  parseLatestSize: 'latest-size',
  parseMirrorInfo: 'mirror-info',
  parseNote: 'note',
  parsePolicy: 'policy',
  parseSignSubtree: 'sign-subtree',
  parseSignatureLines: 'signature-lines',
  parseSigningKey: 'signing-key',
  parseSubtreeV1Message: 'subtree-v1',
  parseTilePath: 'tile-path',
  parseTimestampedSignature: 'cosignature',
  parseTlogProof: 'tlog-proof',
  parseTreeHeadSignature: 'tree-head',
  parseVerifierKey: 'verifier-key',
  rfc6962NoteVerifier: 'rfc6962-key',
  rsaNoteVerifier: 'rsa-key',
  verifyInclusion: 'verify-tlog-proof',
  verifyConsistency: 'check-add-checkpoint',
  verifySubtree: 'check-sign-subtree',
  verifyTlogProof: 'verify-tlog-proof',
};

/** Functions of such names that are given nothing but what other functions have made. */
const GIVEN_VALUES = ['checkUpload', 'cosignatureV1Verifier', 'subtreeV1Verifier', 'treeHeadVerifier', 'verifyPackage'];

const manifest = createRequire(import.meta.url).resolve('@tilewright/core/error');
const root = new URL('../', pathToFileURL(manifest));
const { exports }: { readonly exports: Readonly<Record<string, string>> } = JSON.parse(
  readFileSync(new URL('package.json', root), 'utf8'),
);

test('every public function that decodes has a target', async () => {
  const modules = Object.entries(exports).filter(([subpath]) => subpath !== './testing');
  const functions = await Promise.all(
    modules.map(async ([, file]) => Object.entries(await import(new URL(file, root).href))),
  );
  const names = functions.flat().flatMap(([name, value]) => (typeof value === 'function' ? [name] : []));
  const decoders = names.filter((name) => /^(?:parse|decode|open|check|verify)[A-Z]|Verifier$/.test(name));
  expect(decoders.toSorted()).toEqual([...Object.keys(TARGET_OF), ...GIVEN_VALUES].toSorted());
});

test('every target is one of such a function, but for the signatures that verifiers are given', () => {
  const names = new Set([...Object.values(TARGET_OF), 'signature']);
  expect(
    allTargets()
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual([...names].toSorted());
});
