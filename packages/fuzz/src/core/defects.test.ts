import { decodeBase64, decodeHex, decodeUtf8, parseDecimal } from '@tilewright/core/bytes';
import { parseCheckpoint } from '@tilewright/core/checkpoint';
import { parseSubtreeV1Message } from '@tilewright/core/cosignature';
import { decodeUploadHeader, parseMirrorInfo } from '@tilewright/core/mirror';
import { checkEd25519Key, openNote, parseNote, parseSignatureLines, parseVerifierKey } from '@tilewright/core/note';
import { type PolicyGroup, parsePolicy } from '@tilewright/core/policy';
import { parseTlogProof } from '@tilewright/core/proof';
import { decodeTileLeaf } from '@tilewright/core/static-ct';
import { decodeEntryBundle } from '@tilewright/core/tiles';
import { checkAddCheckpoint, openCosignatures, parseLatestSize } from '@tilewright/core/witness';
import { expect, test } from 'vitest';
import type { FuzzTarget } from '../run/fuzz-target.ts';
import { runInput, runTarget } from '../run/run-target.ts';
import { base64Target, hexTarget, utf8Target } from './bytes/codec-targets.ts';
import { decimalTarget } from './bytes/decimal-target.ts';
import { verifierKeyTarget } from './keys/key-text-targets.ts';
import { ed25519KeyTarget } from './keys/public-key-targets.ts';
import { mirrorInfoTarget, uploadHeaderTarget } from './mirror/mirror-targets.ts';
import { checkpointTarget } from './note/checkpoint-targets.ts';
import { noteTarget, openNoteTarget, signatureLinesTarget } from './note/note-targets.ts';
import { policyTarget } from './policy/policy-target.ts';
import { tlogProofTarget } from './policy/proof-targets.ts';
import { subtreeV1Target } from './signed/signed-targets.ts';
import { tileLeafTarget } from './static-ct/static-ct-targets.ts';
import { entryBundleTarget } from './tiles/tile-targets.ts';
import { cosignaturesTarget, latestSizeTarget } from './witness/answer-targets.ts';
import { checkAddCheckpointTarget } from './witness/verdict-targets.ts';

const SEED = 7;
const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

const NOBODY: PolicyGroup = { kind: 'group', name: 'nobody', threshold: 0, members: [] };

/** Decoders with a check left out, or with something done that must not be. */
const DEFECTS: readonly (readonly [string, FuzzTarget])[] = [
  [
    'base64 with unused bits',
    base64Target((text) => (text.length > 4096 ? decodeBase64(text) : new Uint8Array(Buffer.from(text, 'base64')))),
  ],
  ['hex in capitals', hexTarget((text) => decodeHex(text.toLowerCase()))],
  ['UTF-8 without its mark', utf8Target((bytes) => decodeUtf8(bytes).replace('\ufeff', ''))],
  ['a decimal with white space', decimalTarget((text) => parseDecimal(text.trim()))],
  [
    'a decimal that is copied before its cap is looked at',
    decimalTarget((text) => parseDecimal(text.slice(0, 1) + text.slice(1))),
  ],
  [
    'a note whose last newline may be missing',
    noteTarget((bytes) => parseNote(bytes.at(-1) === 10 ? bytes : Uint8Array.of(...bytes, 10))),
  ],
  [
    'a decoder that sees what stands behind its input',
    noteTarget((bytes) => parseNote(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length + 1))),
  ],
  [
    'signature lines with empty ones',
    signatureLinesTarget((bytes) => parseSignatureLines(Buffer.from(latin1(bytes).replaceAll('\n\n', '\n'), 'latin1'))),
  ],
  [
    'a note that is opened by a verifier that believes everything',
    openNoteTarget((bytes, keys) =>
      openNote(
        bytes,
        keys.map((key) => ({ ...key, verify: () => true })),
      ),
    ),
  ],
  [
    'a vkey whose id is of another key',
    verifierKeyTarget((text) => {
      try {
        return parseVerifierKey(text);
      } catch (error) {
        const [name = '', , key = ''] = text.split('+');
        if ((error as { code?: string }).code !== 'mismatch' || name === '') throw error;
        const [type = 0, ...bytes] = Buffer.from(key, 'base64');
        return { name, keyId: 0, type, key: Uint8Array.from(bytes) };
      }
    }),
  ],
  [
    'an error of another class',
    ed25519KeyTarget((key) => {
      if (key.length !== 32) throw new RangeError('not 32 bytes');
      checkEd25519Key(key);
    }),
  ],
  [
    'a message that repeats its input',
    checkpointTarget((text) => {
      try {
        return parseCheckpoint(text);
      } catch (error) {
        if (error instanceof Error) error.message += latin1(text);
        throw error;
      }
    }),
  ],
  [
    'a statement with bytes behind it',
    subtreeV1Target((bytes) => parseSubtreeV1Message(bytes.length > 150 ? bytes.subarray(0, -1) : bytes)),
  ],
  [
    'a bundle with bytes behind it',
    entryBundleTarget((bytes, width) => {
      try {
        return decodeEntryBundle(bytes, width);
      } catch (error) {
        const left = /^(\d+) bytes follow/.exec(error instanceof Error ? error.message : '')?.[1];
        if (left === undefined) throw error;
        return decodeEntryBundle(bytes.subarray(0, -Number(left)), width);
      }
    }),
  ],
  [
    'a leaf with an entry of another type',
    tileLeafTarget((bytes) => {
      const copy = bytes.slice();
      if (copy.length > 9) copy[8] = 0;
      return decodeTileLeaf(copy);
    }),
  ],
  ['a policy whose quorum nobody has to meet', policyTarget((bytes) => ({ ...parsePolicy(bytes), quorum: NOBODY }))],
  ['a proof whose extra data are lost', tlogProofTarget((bytes) => ({ ...parseTlogProof(bytes), extra: undefined }))],
  [
    'a size without its newline',
    latestSizeTarget((body) => parseLatestSize(body.at(-1) === 10 ? body : Uint8Array.of(...body, 10))),
  ],
  [
    'cosignatures of another text',
    cosignaturesTarget((checkpoint, body, keys) =>
      openCosignatures(
        checkpoint,
        body,
        keys.map((key) => ({ ...key, verify: () => true })),
      ),
    ),
  ],
  [
    'a witness that cosigns whatever is consistent with what is sent',
    checkAddCheckpointTarget((body, logOf) =>
      checkAddCheckpoint(body, (origin) => {
        const log = logOf(origin);
        return log && { ...log, verifiers: log.verifiers.map((key) => ({ ...key, verify: () => true })) };
      }),
    ),
  ],
  [
    'an upload that goes back',
    uploadHeaderTarget((bytes) => {
      try {
        return decodeUploadHeader(bytes);
      } catch (error) {
        if (error instanceof Error && error.message.includes('back to')) throw new TypeError('back');
        throw error;
      }
    }),
  ],
  [
    'an answer with a fourth line',
    mirrorInfoTarget((body) => parseMirrorInfo(body.subarray(0, latin1(body).split('\n', 3).join('\n').length + 1))),
  ],
];

test.each(DEFECTS)(
  'is found: %s',
  async (_, target) => {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    const { violation } = await runTarget(target, { seed: SEED, inputs: 20_000 });
    Error.stackTraceLimit = stackTraceLimit;
    const input = violation?.input ?? -1;
    expect(input).toBeGreaterThanOrEqual(0);
    // The one input alone does it again.
    await expect(runInput(target, SEED, input)).rejects.toThrow();
  },
  30_000,
);
