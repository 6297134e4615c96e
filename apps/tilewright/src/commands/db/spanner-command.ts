import type { SpannerConnection } from '@tilewright/store-gcp';
import { GcpError } from '@tilewright/store-gcp/place';
import { CommandError } from '../../cli/command-error.ts';
import type { FlagValues } from '../../flags/flag-table.ts';
import type { ResolvedFlags } from '../../flags/resolve-flags.ts';
import type { Findings } from '../../serve/config/findings.ts';
import { gcpFlags } from '../../serve/config/gcp-flags.ts';
import { spannerPlace } from '../../serve/config/storage-place.ts';
import { nodeClock, nodeEntropy } from '../../serve/storage/node-world.ts';
import type { Io } from '../../terminal/io.ts';
import { jsonFlag } from '../../terminal/print-facts.ts';

type DatabaseFlag = 'gcp-spanner' | 'gcp-spanner-table-prefix' | 'gcp-spanner-endpoint';

/** The flags that name a database, as `serve` has them. */
export const databaseFlags: Pick<typeof gcpFlags, DatabaseFlag> & typeof jsonFlag = {
  'gcp-spanner': gcpFlags['gcp-spanner'],
  'gcp-spanner-table-prefix': gcpFlags['gcp-spanner-table-prefix'],
  'gcp-spanner-endpoint': gcpFlags['gcp-spanner-endpoint'],
  ...jsonFlag,
};

/** A database does not answer at all: milliseconds until that is said. */
const PATIENCE_MS = 30_000;

/** Connects to the database that the flags name, works there, and lets go of it. @throws CommandError */
export async function onDatabase<T>(
  {
    values,
    problems,
  }: Pick<ResolvedFlags<typeof databaseFlags>, 'problems'> & {
    readonly values: FlagValues<typeof databaseFlags>;
  },
  io: Io,
  work: (connection: SpannerConnection) => Promise<T>,
): Promise<T> {
  const found: Findings = { problems: [...problems], warnings: [] };
  const place = spannerPlace(values, io.env, found);
  if (place === undefined || found.problems.length > 0) throw new CommandError('usage', found.problems);
  const { connectSpanner } = await import('@tilewright/store-gcp');
  const connection = await connectSpanner(place, {
    clock: nodeClock,
    entropy: nodeEntropy,
    patienceMs: PATIENCE_MS,
    onRetry: (what, error, attempt) => {
      if (attempt === 3) io.err(`could not ${what} yet: ${error instanceof Error ? error.message : 'unknown error'}`);
    },
  });
  const interrupt = (): void => void connection.close();
  io.signal.addEventListener('abort', interrupt, { once: true });
  try {
    return await work(connection);
  } catch (error) {
    if (io.signal.aborted) throw new CommandError('failed', 'interrupted; running it again is safe', { cause: error });
    if (!(error instanceof GcpError)) throw error;
    throw new CommandError(isRefusal(error) ? 'refused' : 'failed', error.message, { cause: error });
  } finally {
    io.signal.removeEventListener('abort', interrupt);
    await connection.close();
  }
}

/** What the operator has to change before it can work, as against what may work the next time. */
function isRefusal({ code }: GcpError): boolean {
  return code !== 'unreachable' && code !== 'failed';
}
