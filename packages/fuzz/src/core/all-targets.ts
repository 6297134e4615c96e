import type { FuzzTarget } from '../run/fuzz-target.ts';
import { base64Target, hexTarget, utf8Target } from './bytes/codec-targets.ts';
import { decimalTarget } from './bytes/decimal-target.ts';
import { signingKeyTarget, verifierKeyTarget } from './keys/key-text-targets.ts';
import {
  ecdsaKeyTarget,
  ed25519KeyTarget,
  mlDsaKeyTarget,
  rfc6962KeyTarget,
  rsaKeyTarget,
} from './keys/public-key-targets.ts';
import { signatureTarget } from './keys/signature-target.ts';
import { entryPackageTarget, mirrorInfoTarget, uploadHeaderTarget } from './mirror/mirror-targets.ts';
import { checkpointTarget, openCheckpointTarget } from './note/checkpoint-targets.ts';
import { noteTarget, openNoteTarget, signatureLinesTarget } from './note/note-targets.ts';
import { policyTarget } from './policy/policy-target.ts';
import { tlogProofTarget, verifyTlogProofTarget } from './policy/proof-targets.ts';
import { cosignatureTarget, cosignatureV1Target, subtreeV1Target, treeHeadTarget } from './signed/signed-targets.ts';
import { ctExtensionsTarget, dataTileTarget, tileLeafTarget } from './static-ct/static-ct-targets.ts';
import { dataTilePathTarget, entryBundleTarget, hashTileTarget, tilePathTarget } from './tiles/tile-targets.ts';
import { cosignaturesTarget, latestSizeTarget } from './witness/answer-targets.ts';
import { addCheckpointTarget, signSubtreeTarget } from './witness/request-targets.ts';
import { checkAddCheckpointTarget, checkSignSubtreeTarget } from './witness/verdict-targets.ts';

/** Every decoder of core. */
export function allTargets(): readonly FuzzTarget[] {
  return [
    base64Target(),
    hexTarget(),
    utf8Target(),
    decimalTarget(),
    noteTarget(),
    signatureLinesTarget(),
    openNoteTarget(),
    verifierKeyTarget(),
    signingKeyTarget(),
    ed25519KeyTarget(),
    ecdsaKeyTarget(),
    rsaKeyTarget(),
    rfc6962KeyTarget(),
    mlDsaKeyTarget(),
    signatureTarget(),
    checkpointTarget(),
    openCheckpointTarget(),
    cosignatureTarget(),
    cosignatureV1Target(),
    subtreeV1Target(),
    treeHeadTarget(),
    tilePathTarget(),
    hashTileTarget(),
    entryBundleTarget(),
    dataTilePathTarget(),
    ctExtensionsTarget(),
    tileLeafTarget(),
    dataTileTarget(),
    policyTarget(),
    tlogProofTarget(),
    verifyTlogProofTarget(),
    addCheckpointTarget(),
    signSubtreeTarget(),
    latestSizeTarget(),
    cosignaturesTarget(),
    checkAddCheckpointTarget(),
    checkSignSubtreeTarget(),
    uploadHeaderTarget(),
    entryPackageTarget(),
    mirrorInfoTarget(),
  ];
}
