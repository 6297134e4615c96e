import { mutationNamed } from '../lists/all-mutations.ts';
import type { World } from '../mutation.ts';
import { replaceSource } from './replace-source.ts';
import type { Notice, Verdict } from './verdict.ts';

/** What one process is to do. */
interface Order {
  /** The mutation to run with; nothing for the code as it is. */
  readonly name?: string | undefined;
  readonly world: World;
  readonly test?: string | undefined;
  readonly from: number;
  readonly seeds: number;
  readonly seconds: number;
}

const order: Order = JSON.parse(process.argv[2] ?? '{}');
const started = performance.now();
let seed = order.from;

function tell(found: { readonly notice: Notice; readonly error: unknown } | undefined): never {
  const { world, from } = order;
  const verdict: Verdict = {
    name: order.name ?? 'the code as it is',
    caught: found !== undefined,
    notice: found?.notice,
    seed: found === undefined || world === 'test' ? undefined : seed,
    histories: world === 'test' ? 1 : seed - from + (found === undefined ? 0 : 1),
    message: found && describe(found.error),
    ms: Math.round(performance.now() - started),
  };
  process.stdout.write(`${JSON.stringify(verdict)}\n`);
  process.exit(0);
}

function describe(error: unknown): string {
  return error instanceof Error && error.name === 'Violation' ? error.message : String(error);
}

/** What the program throws when something else than a promise broke. */
function noticeOf(error: unknown): Notice {
  return error instanceof Error && error.name === 'Violation' ? 'promise' : 'crash';
}

const mutation = order.name === undefined ? undefined : mutationNamed(order.name);
let running = false;
process.on('uncaughtException', (error) => {
  // What cannot even be loaded was not caught by anybody.
  if (running) tell({ notice: 'crash', error });
  console.error(error);
  process.exit(1);
});

if (order.world === 'test') {
  const { failureIn } = await import('./run-test.ts');
  const error = await failureIn(order.test ?? '', mutation);
  tell(error === undefined ? undefined : { notice: 'promise', error });
}
const wasLoaded = mutation === undefined ? () => true : replaceSource(mutation);
const { runSeed } = await import('./run-seed.ts');
running = true;
for (; seed < order.from + order.seeds && performance.now() - started < 1000 * order.seconds; seed++) {
  // Should it hang, this is where.
  process.stdout.write(`${seed}\n`);
  const error = await runSeed(order.world, seed).catch((thrown: unknown) => thrown);
  if (error !== undefined) tell({ notice: noticeOf(error), error });
}
if (!wasLoaded()) throw new Error(`${order.name}: nothing loaded the file that it changes`);
tell(undefined);
