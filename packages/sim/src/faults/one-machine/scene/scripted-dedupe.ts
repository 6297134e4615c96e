import { LogError } from '@tilewright/log';
import type { DedupeIndex } from '@tilewright/log/ports';
import { WrittenChooser } from '../../../choice/written-chooser.ts';
import { UnreliableDedupe } from '../../../machine/unreliable-dedupe.ts';
import type { Schedule } from '../../../world/schedule.ts';

/** A dedupe index that fails when it is told to, and never by chance. */
export class ScriptedDedupe extends UnreliableDedupe {
  /** Whether nothing can be added; what is in it is found all the same. */
  unwritable = false;

  constructor() {
    super(new WrittenChooser([]), false);
  }

  override open(schedule: Schedule, owner: object, failed: () => void): DedupeIndex {
    const index = super.open(schedule, owner, failed);
    return {
      ...index,
      add: async (from, ids) => {
        if (!this.unwritable) return index.add(from, ids);
        await schedule.step(owner);
        failed();
        throw new LogError('storage-failed', 'the dedupe index cannot be written');
      },
    };
  }
}
