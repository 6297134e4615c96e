import { writeFileSync } from 'node:fs';
import { type FuzzSuite, targetNamed } from '../run/fuzz-suite.ts';
import type { FuzzTarget } from '../run/fuzz-target.ts';
import { describe, runInput, type TargetReport } from '../run/run-target.ts';
import { type FuzzOptions, helpOf, readOptions, UsageError } from './options.ts';
import { describeReports, faultsOf } from './report.ts';
import { supervise } from './supervise.ts';

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** Does what the command line asks for, and returns the exit status: 0, or 1 for a broken rule, or 2 for usage. */
export async function runCommand(suite: FuzzSuite, args: readonly string[]): Promise<number> {
  try {
    const options = readOptions(suite, args);
    if (options.help) {
      process.stdout.write(helpOf(suite));
      return 0;
    }
    if (options.only === undefined) return await runTargets(suite, options);
    return await runOne(suite, options.targets[0] ?? '', options.seed, options.only);
  } catch (error) {
    say(`${suite.command}: ${error instanceof Error ? error.message : String(error)}`);
    return error instanceof UsageError || (error instanceof TypeError && 'code' in error) ? 2 : 1;
  }
}

async function runTargets(suite: FuzzSuite, options: FuzzOptions): Promise<number> {
  const reports = new Map<FuzzTarget, TargetReport>();
  const faults: string[] = [];
  const targets = suite.targets.filter(({ name }) => options.targets.includes(name));
  const waiting = targets.values();
  const job = async (): Promise<void> => {
    // One iterator for all jobs: whichever is free takes the next target.
    for (const target of waiting) {
      const report = await supervise(suite, target, { ...options, growth: true }, say);
      say(`${report.name}: ${report.inputs} inputs in ${Math.round(report.seconds)} s`);
      reports.set(target, report);
      for (const fault of faultsOf(suite, report, options.mustReachAll)) {
        say(fault);
        faults.push(fault);
      }
    }
  };
  await Promise.all(Array.from({ length: options.jobs }, job));
  const found = targets.flatMap((target) => reports.get(target) ?? []);
  const markdown = describeReports(found);
  if (options.report !== undefined) writeFileSync(options.report, markdown);
  process.stdout.write(options.json ? `${JSON.stringify(found, undefined, 2)}\n` : markdown);
  return faults.length > 0 ? 1 : 0;
}

async function runOne({ targets }: FuzzSuite, name: string, seed: number, input: number): Promise<number> {
  const target = targetNamed(targets, name);
  if (target === undefined) throw new UsageError(`there is no target '${name}'`);
  try {
    for (const line of await runInput(target, seed, input)) process.stdout.write(`${line}\n`);
    return 0;
  } catch (error) {
    process.stdout.write(`${name}, seed ${seed}, input ${input}: ${describe(error)}\n`);
    return 1;
  }
}
