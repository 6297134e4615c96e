import { readFile } from 'node:fs/promises';

/** What came of one threshold. */
export interface Verdict {
  /** As in k6's scripts: `answer_ms{request:write} p(95)<=1000`. */
  readonly threshold: string;
  /** What was measured. */
  readonly value: number | undefined;
  readonly held: boolean;
}

interface K6Metric {
  readonly values?: Readonly<Record<string, number>>;
  readonly thresholds?: Readonly<Record<string, { readonly ok: boolean }>>;
}

/** Reads the verdicts out of the summary that the scripts leave. */
export async function readVerdicts(path: string): Promise<Verdict[]> {
  const { metrics } = JSON.parse(await readFile(path, 'utf8')) as { metrics: Readonly<Record<string, K6Metric>> };
  return Object.entries(metrics).flatMap(([name, { values = {}, thresholds = {} }]) =>
    Object.entries(thresholds).map(([condition, { ok }]) => ({
      threshold: `${name} ${condition}`,
      value: values[/^[^<>=]+/.exec(condition)?.[0] ?? ''],
      held: ok,
    })),
  );
}
