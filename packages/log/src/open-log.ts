import { tileShape } from '@tilewright/core/tiles';
import { EngineState } from './engine/engine-state.ts';
import { Log } from './engine/log.ts';
import type { LogDeps } from './engine/log-deps.ts';
import { openState } from './engine/open-state.ts';
import { DEFAULT_LOG_OPTIONS, type LogOptions } from './engine/options.ts';
import { LogError } from './log-error.ts';

/**
 * Opens a log on stores that are already open; makes its size-0 checkpoint where nothing of a log exists.
 * Resolves when everything that was ever acknowledged is integrated, published and indexed: only then may the caller listen.
 * Where there is no room for that it resolves all the same: the log then serves reads, refuses entries, says so in its
 * status, and recovers by itself when there is room.
 * The log closes the stores; when opening fails, the caller does.
 *
 * @throws LogError 'half-log', 'fork', 'corrupt', 'identity-mismatch', 'storage-failed'; 'storage-full' and
 *   'signer-failed' when there is no room for, or no signature of, the size-0 checkpoint.
 * @throws RangeError for `answerAt: 'signed'` without a store of signed checkpoints, or with witnesses that have to cosign.
 * @throws CoreError 'out-of-range' when `options.tileHeight` is not 1 to 8.
 */
export async function openLog(deps: LogDeps, options: LogOptions = DEFAULT_LOG_OPTIONS): Promise<Log> {
  for (const signer of deps.signers) {
    if (signer.name !== deps.origin)
      throw new LogError('identity-mismatch', `the signer is named '${signer.name}', the log '${deps.origin}'`);
  }
  if (options.answerAt === 'signed') refuseWithoutStore(deps);
  const started = deps.clock.monotonicMs();
  const opened = await openState(deps, tileShape(options.tileHeight));
  const state = new EngineState(deps, options, opened);
  const log = new Log(state);
  const recovery = log.recover();
  await Promise.race([recovery, state.stalls.entered]);
  log.start(recovery);
  deps.events.emit({
    type: 'opened',
    size: state.publication.tree.size,
    next: state.next,
    replayed: state.committed.size - opened.committed.size,
    ms: deps.clock.monotonicMs() - started,
  });
  return log;
}

function refuseWithoutStore({ signedCheckpoints, witnesses }: LogDeps): void {
  if (signedCheckpoints === undefined) throw new RangeError('there is nowhere to keep signed checkpoints');
  if (witnesses?.failClosed === true)
    throw new RangeError('witnesses have to cosign: nobody may be answered before they did');
}
