import { asTreeSize, encodeUtf8, equalBytes } from '@tilewright/core/bytes';
import { formatCheckpoint } from '@tilewright/core/checkpoint';
import { formatSignatureLine, parseNote } from '@tilewright/core/note';
import { formatLatestSize, openCosignatures, parseLatestSize } from '@tilewright/core/witness';
import { must } from '../../run/broken-rule.ts';
import type { FuzzTarget } from '../../run/fuzz-target.ts';
import { decoderTarget } from '../kit/decoder-target.ts';
import { refusing } from '../kit/growth.ts';
import {
  drawCheckpoint,
  logSigner,
  noteOf,
  noteSample,
  ORIGINS,
  WITNESS,
  witnessSigner,
  witnessVerifier,
} from '../kit/notes.ts';
import { textSample, WORDS } from '../kit/samples.ts';
import { ANSWER_REFUSALS, LATEST_SIZE_REFUSALS } from './refusals.ts';

const SIZES = [0, 7, 300, 2 ** 40, 2 ** 53 - 1];

/** `parseLatestSize`. */
export function latestSizeTarget(decode: typeof parseLatestSize = parseLatestSize): FuzzTarget {
  return decoderTarget({
    name: 'latest-size',
    about: "sizes that witnesses answer with ('409')",
    accepts: ['a size'],
    refusals: LATEST_SIZE_REFUSALS,
    cap: { most: 20, refusal: 'too long', decode },
    prepare: () => ({
      recipe: {
        samples: SIZES.map((size) =>
          textSample(formatLatestSize(asTreeSize(size)), WORDS, { lines: true, longest: 24 }),
        ),
        unit: 2,
      },
      decode(bytes) {
        must(equalBytes(formatLatestSize(decode(bytes)), bytes), () => 'the size is written otherwise');
        return 'a size';
      },
    }),
  });
}

const MOST = 64 * 1024;
const [ORIGIN = ''] = ORIGINS;

/** `openCosignatures` with the keys of two witnesses, on OpenSSL. What it finds is over the checkpoint that was sent. */
export function cosignaturesTarget(open: typeof openCosignatures = openCosignatures): FuzzTarget {
  const witnesses = [WITNESS, 'second.example'];
  const verifiers = witnesses.map(witnessVerifier);
  return decoderTarget({
    name: 'cosignatures',
    about: "signature lines that witnesses answer with ('200')",
    accepts: ['cosignatures'],
    refusals: ANSWER_REFUSALS,
    acceptsValid: false,
    cap: { most: MOST, refusal: 'too long', decode: (body) => open(new Uint8Array(0), body, verifiers) },
    growth: [
      refusing(
        'unknown lines',
        MOST,
        (size) => encodeUtf8(`\u2014 a ${'AAAA'.repeat(size / 400 - 3)}AAE=\n`.repeat(100)),
        (body) => open(encodeUtf8('a\n1\nA\n\n'), body, verifiers),
      ),
    ],
    prepare: async (random) => {
      const text = formatCheckpoint(drawCheckpoint(random, ORIGIN, 0));
      const checkpoint = await noteOf(random, text, [logSigner(ORIGIN)], 0);
      const answers = Array.from({ length: 30 }, async (_, at) => {
        const signed = await noteOf(random, text, witnesses.slice(at % 3 === 0 ? 1 : 0).map(witnessSigner));
        return noteSample(
          encodeUtf8(
            parseNote(signed)
              .signatures.map(({ line }) => line)
              .join(''),
          ),
        );
      });
      const many = Array.from({ length: 100 }, (_, at) => formatSignatureLine(`key-${at}`, at, Uint8Array.of(1)));
      return {
        recipe: { samples: [...(await Promise.all(answers)), noteSample(encodeUtf8(many.join('')))], unit: 16 },
        decode(bytes, { dice }) {
          // Looked at again with the checkpoint's own text, one in four times: signatures are dear.
          const again = dice % 4 === 0;
          const keys = dice % 100 === 0 ? [...verifiers, ...verifiers.slice(0, 1)] : verifiers;
          for (const { name, signature, line } of open(checkpoint, bytes, keys)) {
            const verifier = verifiers.find((one) => one.name === name);
            must(
              !again || verifier?.verify(text, signature) === true,
              () => 'a cosignature is not over the checkpoint',
            );
            must(Buffer.from(bytes).includes(line), () => 'a cosignature stands nowhere');
          }
          return 'cosignatures';
        },
      };
    },
  });
}
