/** Something that a page imports from `@tilewright/core`, and what it may weigh. */
export interface MeasuredBundle {
  readonly name: string;
  /** The module that is bundled. */
  readonly source: string;
  /** Bytes after gzip at most. Without it, the size is reported alone. */
  readonly limit?: number;
  /** Whether the WebAssembly kernel belongs into it; without it, either will do. */
  readonly wasm?: boolean;
}

const TYPES: Readonly<Record<string, string>> = {
  ed25519: 'ed25519NoteVerifier',
  cosignature: 'ed25519CosignatureVerifier',
  ecdsa: 'ecdsaNoteVerifier',
  rfc6962: 'rfc6962NoteVerifier',
  rsa: 'rsaNoteVerifier',
  'ml-dsa': 'mlDsaNoteVerifier',
};
const IN_VERIFICATION: readonly string[] = ['ed25519', 'cosignature'];

const VERIFICATION = `
export { verifyInclusion, verifyConsistency } from '@tilewright/core/merkle';
export { leafHash } from '@tilewright/core/hash';
export { openCheckpoint } from '@tilewright/core/checkpoint';
export { openWithPolicy, parsePolicy } from '@tilewright/core/policy';
export { verifyTlogProof } from '@tilewright/core/proof';
export { ed25519NoteVerifier } from '@tilewright/core/note/ed25519';
export { ed25519CosignatureVerifier } from '@tilewright/core/note/cosignature';
`;

/** Verification with Ed25519 alone: what a further signature type is added to. */
export const ED25519_VERIFICATION: MeasuredBundle = {
  name: 'verify checkpoint, proof, cosignatures, policy: Ed25519',
  source: VERIFICATION,
  limit: 30_000,
  wasm: true,
};

/** What is measured, in the order of the report. */
export const MEASURED_BUNDLES: readonly MeasuredBundle[] = [
  { name: 'checkpoint', source: "export * from '@tilewright/core/checkpoint';", limit: 15_000, wasm: false },
  ED25519_VERIFICATION,
  ...Object.entries(TYPES).map(
    ([type, verifier]): MeasuredBundle => ({ name: `note/${type} by itself`, source: typeSource(type, verifier) }),
  ),
  ...Object.entries(TYPES)
    .filter(([type]) => !IN_VERIFICATION.includes(type))
    .map(
      ([type, verifier]): MeasuredBundle => ({
        name: `verification with note/${type} too`,
        source: VERIFICATION + typeSource(type, verifier),
        wasm: true,
      }),
    ),
];

function typeSource(type: string, verifier: string): string {
  return `export { ${verifier} } from '@tilewright/core/note/${type}';\n`;
}
