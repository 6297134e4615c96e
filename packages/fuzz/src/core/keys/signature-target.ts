import { encodeUtf8 } from '@tilewright/core/bytes';
import { type NoteVerifier, parseVerifierKey } from '@tilewright/core/note';
import { ecdsaNoteSigner, ecdsaNoteVerifier } from '@tilewright/core/note/ecdsa';
import { ed25519NoteSigner, ed25519NoteVerifier } from '@tilewright/core/note/ed25519';
import { rsaNoteVerifier } from '@tilewright/core/note/rsa';
import type { Sample } from '../../mutate/sample.ts';
import type { FuzzTarget } from '../../run/fuzz-target.ts';
import { decoderTarget } from '../kit/decoder-target.ts';
import { keysOf, seedOf, vkeyOf } from '../kit/keys.ts';
import { binarySample } from '../kit/samples.ts';

const NAME = 'log.example';
const TEXT = encodeUtf8('anything\n');

/** Verifiers in plain JavaScript, given signatures: they answer, whatever the signature, and never throw. */
export function signatureTarget(): FuzzTarget {
  return decoderTarget({
    name: 'signature',
    about: 'raw signatures, given to the verifiers in plain JavaScript',
    accepts: ['it verifies', 'it does not'],
    refusals: [],
    prepare: async (random) => {
      const seed = seedOf(NAME);
      const ecdsa = (['P-256', 'P-384', 'P-521'] as const).map((curve, at) => {
        const scalar = new Uint8Array([32, 48, 66][at] ?? 0);
        scalar.set(seed.subarray(1), scalar.length - 31);
        return ecdsaNoteSigner(NAME, curve, scalar);
      });
      const ed25519 = ed25519NoteSigner(NAME, seed);
      const verifiers = new Map<Sample, NoteVerifier>();
      for (const signer of [ed25519, ...ecdsa]) {
        const verifier = signer === ed25519 ? ed25519NoteVerifier(signer.key) : ecdsaNoteVerifier(signer.key);
        const signature = await signer.sign(TEXT);
        verifiers.set(
          binarySample(signature, [
            { at: 1, width: 1 },
            { at: 3, width: 1 },
          ]),
          verifier,
        );
      }
      // Nobody knows the private key: its signatures never verify.
      const rsa = keysOf(NAME)[6];
      if (rsa !== undefined) {
        verifiers.set(binarySample(random.bytes(256)), rsaNoteVerifier(parseVerifierKey(vkeyOf(rsa))));
      }
      return {
        recipe: { samples: [...verifiers.keys()], unit: 4 },
        decode: (bytes, { input }) =>
          verifiers.get(input.sample)?.verify(TEXT, bytes) === true ? 'it verifies' : 'it does not',
      };
    },
  });
}
