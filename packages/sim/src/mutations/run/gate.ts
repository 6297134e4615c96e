import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Mutation } from '../mutation.ts';
import type { Verdict } from './verdict.ts';

/** How long the gate tries. */
export interface GateLimits {
  /** Histories for each mutation. */
  readonly seeds: number;
  /** The first of them. */
  readonly from: number;
  /** Seconds for each mutation. */
  readonly seconds: number;
}

const CHILD = fileURLToPath(new URL('./child.ts', import.meta.url));
/** A process that has not answered so long after its time is caught in a loop. */
const GRACE_SECONDS = 20;

interface Order extends GateLimits {
  readonly name?: string;
  readonly world: Mutation['world'];
  readonly test?: string | undefined;
}

/** Runs one process and returns its verdict. */
function runChild(order: Order): Promise<Verdict> {
  const { promise, resolve, reject } = Promise.withResolvers<Verdict>();
  const started = performance.now();
  const child = spawn(process.execPath, [CHILD, JSON.stringify(order)], { stdio: ['ignore', 'pipe', 'pipe'] });
  const out: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  const late = setTimeout(() => child.kill('SIGKILL'), 1000 * (order.seconds + GRACE_SECONDS));
  child.on('close', (status, signal) => {
    clearTimeout(late);
    const line = Buffer.concat(out).toString().trim().split('\n').at(-1) ?? '';
    if (status === 0 && line.startsWith('{')) return resolve(JSON.parse(line));
    const said = Buffer.concat(errors).toString().trim().slice(-2000);
    if (signal === null) return reject(new Error(`${order.name ?? 'the code as it is'} cannot be run: ${said}`));
    const seed = /^\d+$/.test(line) ? Number(line) : undefined;
    resolve({
      name: order.name ?? '',
      caught: true,
      notice: 'crash',
      seed,
      histories: seed === undefined ? 1 : seed - order.from + 1,
      message: 'it hangs, and was killed',
      ms: Math.round(performance.now() - started),
    });
  });
  return promise;
}

const unmutated = new Map<string, Promise<Verdict>>();

/** Whether the code as it is breaks a promise where the mutation did: then it is not the mutation that was caught. */
async function brokenAnyway({ name: _, ...order }: Order, seed: number | undefined): Promise<boolean> {
  const key = `${order.world} ${seed ?? order.test}`;
  const plain = { ...order, from: seed ?? 1, seeds: 1 };
  // A machine that is too busy fails a test that reads the real clock, but hardly twice.
  const verdict = unmutated.get(key) ?? runChild(plain).then((once) => (once.caught ? runChild(plain) : once));
  unmutated.set(key, verdict);
  return (await verdict).caught;
}

/** Runs one mutation until something notices it, or until the limits are reached. */
export async function tryMutation(mutation: Mutation, limits: GateLimits): Promise<Verdict> {
  const { name, world, test } = mutation;
  let spent = 0;
  for (let from = limits.from; ; ) {
    const order: Order = { name, world, test, ...limits, from, seeds: limits.from + limits.seeds - from };
    const verdict = await runChild(order);
    const histories = from - limits.from + verdict.histories;
    const whole: Verdict = { ...verdict, histories, ms: spent + verdict.ms };
    if (!verdict.caught || !(await brokenAnyway(order, verdict.seed))) return whole;
    if (world === 'test' || verdict.seed === undefined) return { ...whole, caught: false };
    spent += verdict.ms;
    from = verdict.seed + 1;
  }
}

/** Runs all mutations, a few at a time; `told` hears each verdict as it comes. */
export async function runGate(
  mutations: readonly Mutation[],
  limits: GateLimits,
  told: (mutation: Mutation, verdict: Verdict) => void,
  width = 2,
): Promise<Map<string, Verdict>> {
  const verdicts = new Map<string, Verdict>();
  const waiting = [...mutations];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const verdict = await tryMutation(next, limits);
      verdicts.set(next.name, verdict);
      told(next, verdict);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return verdicts;
}
