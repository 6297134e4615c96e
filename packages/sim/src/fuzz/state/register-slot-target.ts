import type { Hash } from '@tilewright/core/bytes';
import { drawInput, FuzzRandom, type FuzzTarget, must } from '@tilewright/fuzz';
import { decodeSlot, encodeSlot, type RegisterKind } from '@tilewright/store-posix/testing';
import { drawValue, KINDS, LOGS, slotSample } from './draw-slot.ts';
import { judgeSlot, resealSlots, SLOT, SLOT_VERDICTS } from './judge-slot.ts';

/** One slot of a register: tree, floor or collection cursor. */
export function registerSlotTarget(decode: typeof decodeSlot = decodeSlot): FuzzTarget {
  return {
    name: 'register-slot',
    about: 'one slot of the tree, floor or collected register',
    perMillion: 1_000_000,
    reaches: SLOT_VERDICTS,
    prepare(seed) {
      const random = new FuzzRandom(seed, 'register-slot samples', 0);
      const written = KINDS.flatMap((kind) =>
        LOGS.flatMap((logId) =>
          [1, 2, 3].map((sequence) => ({
            kind,
            logId,
            bytes: encodeSlot(kind, logId, { ...drawValue(random), sequence }),
          })),
        ),
      );
      const samples = written.map(({ bytes }) => slotSample(bytes));
      const facts = new Map(samples.map((sample, at) => [sample, written[at]]));
      return {
        run(draws) {
          const { bytes, kind, how, forged, sample } = drawInput(draws, {
            samples,
            unit: 16,
            length: SLOT,
            reseal: resealSlots,
          });
          const of = facts.get(sample);
          const asked: RegisterKind = draws.chance(0.9) && of ? of.kind : draws.pick(KINDS);
          const logId: Hash = draws.chance(0.9) && of ? of.logId : draws.pick(LOGS);
          const verdict = judgeSlot(asked, logId, bytes);
          const slot = decode(asked, logId, bytes);
          must(
            (slot !== undefined) === (verdict === 'valid'),
            () => `taken for ${slot ? 'valid' : 'damaged'}, is: ${verdict}`,
          );
          if (slot !== undefined) {
            const same = (other: Uint8Array): boolean => Buffer.compare(other, bytes) === 0;
            must(same(encodeSlot(asked, logId, slot)), () => 'it says what does not stand there');
            must(forged || written.some((one) => same(one.bytes)), () => 'nobody wrote this slot');
          }
          return { kind, how, reached: [verdict] };
        },
      };
    },
  };
}
