import type { FsOperation } from '@tilewright/store-posix/testing';
import { ROOT } from '../../../machine/disk-view.ts';
import type { Scene } from './scene.ts';

/** One moment of a life: right after one change of the disk, and before the next. */
export interface Moment {
  /** The change before it; nothing at the very beginning. */
  readonly after: FsOperation | undefined;
  /** The change that would come next; nothing at the very end. */
  readonly before: FsOperation | undefined;
  /** What a message calls it. */
  readonly name: string;
  /** Disk, promises and clients of that moment. */
  readonly scene: Scene;
}

/** A change in words. */
function describeChange({ kind, path, purpose }: FsOperation): string {
  const name = path.startsWith(`${ROOT}/`) ? path.slice(ROOT.length + 1) : path;
  return purpose === undefined ? `${kind} ${name}` : `sync of ${name} (${purpose})`;
}

/**
 * The moments of what `life` does: where a process could be killed, or the power be lost. All of them, or those after a
 * change that is `worth` it; the first and the last in any case.
 */
export async function momentsOf(
  scene: Scene,
  life: (scene: Scene) => Promise<void>,
  worth: (after: FsOperation) => boolean = () => true,
): Promise<readonly Moment[]> {
  const moments: Moment[] = [];
  let at = 0;
  let after: FsOperation | undefined;
  const remember = (before: FsOperation | undefined): void => {
    if (after === undefined || before === undefined || worth(after)) {
      const name = `${at}, after ${after === undefined ? 'nothing' : describeChange(after)}`;
      moments.push({ after, before, name, scene: scene.copy() });
    }
    at += 1;
    after = before;
  };
  scene.script = (operation) => {
    remember(operation);
    return undefined;
  };
  await scene.play(() => life(scene));
  remember(undefined);
  scene.script = undefined;
  return moments;
}
