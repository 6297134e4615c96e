import { allTargets, targetNamed } from './all-targets.ts';
import { HELP, readOptions, UsageError } from './command/options.ts';
import { describeReports, faultsOf } from './command/report.ts';
import { supervise } from './command/supervise.ts';
import { describe, runInput, type TargetReport } from './run-target.ts';

const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (options.only !== undefined) return runOne(options.targets[0] ?? '', options.seed, options.only);
  const reports: TargetReport[] = [];
  const faults: string[] = [];
  for (const target of allTargets().filter(({ name }) => options.targets.includes(name))) {
    const report = await supervise(target, options, say);
    say(`${report.name}: ${report.inputs} inputs in ${Math.round(report.seconds)} s`);
    reports.push(report);
    for (const fault of faultsOf(report, options.mustReachAll)) {
      say(fault);
      faults.push(fault);
    }
  }
  process.stdout.write(options.json ? `${JSON.stringify(reports, undefined, 2)}\n` : describeReports(reports));
  return faults.length > 0 ? 1 : 0;
}

async function runOne(name: string, seed: number, input: number): Promise<number> {
  const target = targetNamed(name);
  if (target === undefined) throw new UsageError(`there is no target '${name}'`);
  try {
    for (const line of await runInput(target, seed, input)) process.stdout.write(`${line}\n`);
    return 0;
  } catch (error) {
    process.stdout.write(`${name}, seed ${seed}, input ${input}: ${describe(error)}\n`);
    return 1;
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  say(`fuzz:disk: ${error instanceof Error ? error.message : String(error)}`);
  const isUsage = error instanceof UsageError || (error instanceof TypeError && 'code' in error);
  process.exitCode = isUsage ? 2 : 1;
}
