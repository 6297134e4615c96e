import { REPOSITORY } from '../../server/commands.ts';
import { runCommand } from '../../server/run-command.ts';

/** Commit of what is measured, "with changes" where it has some; undefined where git does not know. */
export async function commitOf(): Promise<string | undefined> {
  const git = ['git', '-C', REPOSITORY] as const;
  const head = await runCommand([...git, 'rev-parse', '--short', 'HEAD']).catch(() => undefined);
  if (head?.code !== 0) return undefined;
  const changed = await runCommand([...git, 'status', '--porcelain', '--', 'packages', 'apps']);
  return `${head.output.trim()}${changed.output.trim() === '' ? '' : ' with changes'}`;
}
