import { readFileSync } from 'node:fs';

/** The parts of testdata/c2sp-vectors.json that this package is judged by. Hashes are base64. */
export interface C2spVectors {
  readonly roots: Readonly<Record<string, string>>;
  readonly inclusion: readonly { index: number; size: number; leaf: string; proof: readonly string[] }[];
  readonly consistency: readonly { old: number; new: number; proof: readonly string[] }[];
  readonly subtree: readonly {
    start: number;
    end: number;
    size: number;
    hash: string;
    proof: readonly string[];
  }[];
  readonly subtree_invalid: readonly (readonly [number, number])[];
  readonly tiles: readonly { path: string; sha256hex: string; len: number }[];
  readonly tile_sets: Readonly<Record<string, readonly string[]>>;
  readonly index_paths: Readonly<Record<string, string>>;
  readonly paths_invalid: readonly string[];
  readonly decimal_valid: readonly string[];
  readonly decimal_invalid: readonly string[];
  readonly base64_invalid: readonly string[];
  readonly keyname_valid: readonly string[];
  readonly keyname_invalid: readonly string[];
  readonly note_invalid: readonly string[];
  readonly keys: Readonly<
    Record<
      | 'log_seed_hex'
      | 'witness_seed_hex'
      | 'mldsa_log_seed_hex'
      | 'mldsa_witness_seed_hex'
      | 'mldsa_mirror_seed_hex'
      | 'log_skey'
      | 'log_0x01'
      | 'log_0x06'
      | 'witness_0x04'
      | 'witness_0x06'
      | 'mirror_0x06',
      string
    >
  >;
  readonly checkpoint: Readonly<
    Record<
      | 'text'
      | 'signed'
      | 'log_0x01_line'
      | 'log_0x06_line'
      | 'log_0x06_message_hex'
      | 'witness_0x04_line'
      | 'witness_0x04_message'
      | 'witness_0x06_line'
      | 'witness_0x06_message_hex'
      | 'witness_0x06_subtree_4_5_line'
      | 'witness_0x06_subtree_4_5_message_hex',
      string
    >
  >;
  readonly checkpoint_ext: { readonly signed: string; readonly witness_0x04_message: string };
  readonly rfc6962_note: Readonly<Record<'spki' | 'log_id' | 'key_id_hex' | 'sth_input_hex' | 'line', string>>;
}

/** The parts of testdata/rekor-tiles-vectors.json that this package is judged by. */
export interface RekorVectors {
  readonly logs: readonly { origin: string; spkiB64: string; logIdB64: string; keyIdHex: string }[];
  readonly noteKeyHash: readonly {
    origin: string;
    type: 'ed25519' | 'ec' | 'rsa';
    spkiB64: string;
    keyId: number;
    logIdHex: string;
  }[];
  readonly checkpoints: readonly { text: string }[];
  readonly captured: readonly {
    name: string;
    tle: {
      logId: { keyId: string };
      canonicalizedBody: string;
      inclusionProof: {
        logIndex: string;
        rootHash: string;
        treeSize: string;
        hashes: readonly string[];
        checkpoint: { envelope: string };
      };
    };
  }[];
}

export const c2sp: C2spVectors = read('c2sp-vectors.json');
export const rekor: RekorVectors = read('rekor-tiles-vectors.json');

function read<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../../testdata/${name}`, import.meta.url), 'utf8'));
}
