import type { Crash } from './crash-plan.ts';
import type { CutShort } from './files/file-site.ts';
import { promisedBy } from './life/promises.ts';
import { type Recording, siteOf } from './saved-recording.ts';

/** Judges one image of a recording; exit status 1 when a promise is broken. */
export async function replayOne(
  recording: Recording,
  dir: string,
  { moment, choice }: Pick<Crash, 'moment' | 'choice'>,
  cuts: CutShort,
  say: (line: string) => void,
): Promise<number> {
  const site = await siteOf(recording, dir, cuts);
  const image = await site.image(moment, choice);
  const { broken } = await image.judge('replay', promisedBy(recording.promises, moment));
  say(`after ${site.describe(moment)}: ${broken ?? 'every promise held'}`);
  return broken === undefined ? 0 : 1;
}
