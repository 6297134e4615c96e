import { CORES, type CpuSample } from './cpu-watch.ts';

/** What the generator did to the figures. */
export interface GeneratorLoad {
  /** Cores that k6 kept busy while it sent. */
  readonly k6Cores: number;
  readonly serverCores: number | undefined;
  readonly machineCores: number;
  /** Iterations that should have begun and did not, since no virtual user was free. */
  readonly dropped: number;
  /** Why it, and not the server, may have bounded the result; empty when nothing says so. */
  readonly warnings: readonly string[];
}

/** A machine this busy has no room for what either side could do more. */
const MACHINE_FULL = 0.9;
/** Less than this share of a full machine is no reason that the server was slow. */
const NOTABLE = 0.2;
const K6_FULL = 0.85;

/** Judges the samples of the time in which k6 sent. */
export function judgeGenerator(samples: readonly CpuSample[], dropped: number, cores: number = CORES): GeneratorLoad {
  const mean = (figure: (sample: CpuSample) => number): number =>
    samples.length === 0 ? 0 : samples.reduce((sum, sample) => sum + figure(sample), 0) / samples.length;
  const k6Cores = mean(({ k6 }) => k6);
  const machineCores = mean(({ machine }) => machine);
  const isWatched = samples.some(({ server }) => server !== undefined);
  const serverCores = isWatched ? mean(({ server }) => server ?? 0) : undefined;
  const warnings: string[] = [];
  if (dropped > 0) {
    warnings.push(
      `k6 dropped ${dropped} iterations: its virtual users were all waiting, so that fewer requests came than the scenario asks for.`,
    );
  }
  const others = Math.max(0, machineCores - k6Cores - (serverCores ?? 0));
  if (k6Cores >= K6_FULL * cores) {
    warnings.push(`k6 kept ${k6Cores.toFixed(1)} of ${cores} cores busy: it could not send more.`);
  } else if (machineCores >= MACHINE_FULL * cores) {
    const share = `All ${cores} cores were busy, ${k6Cores.toFixed(1)} of them with k6`;
    if (k6Cores >= NOTABLE * cores) warnings.push(`${share}: a server with the machine to itself may be faster.`);
    if (serverCores !== undefined && others >= NOTABLE * cores) {
      warnings.push(
        `Other programs kept ${others.toFixed(1)} of ${cores} cores busy: figures are of a loaded machine.`,
      );
    }
  }
  return { k6Cores, serverCores, machineCores, dropped, warnings };
}
