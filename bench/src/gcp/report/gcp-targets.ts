import { figureText, NONE } from '../../report/figure-text.ts';
import { tesseraOperations } from '../operations/tessera-model.ts';
import { ROWS } from '../plan/rows.ts';
import { idleHour } from './operations-table.ts';
import type { GcpResults } from './results.ts';
import { cellOf, type SpeedCell } from './speed-table.ts';

/** One figure that was asked for. */
export interface Verdict {
  readonly what: string;
  readonly asked: string;
  readonly reached: string;
  /** Undefined where it was not measured. */
  readonly met: boolean | undefined;
}

/** What was asked of ours on the emulators, and what it reached. */
export function gcpVerdicts(results: GcpResults): Verdict[] {
  const cell = (writers: number, replicas: number): SpeedCell | undefined => {
    const row = ROWS.find((one) => one.writers === writers && one.replicas === replicas);
    return row && cellOf(results, row, 'ours');
  };
  const [lone, many, three, crowd] = [cell(1, 1), cell(512, 1), cell(512, 3), cell(4096, 1)];
  const half = many?.rate == null ? null : many.rate / 2;
  return [
    verdict('lone writer, p50 ms', '≤ 1500', lone?.p50, (ms) => ms <= 1500),
    verdict('512 writers, entries/s', '≥ 330', many?.rate, (rate) => rate >= 330),
    noErrors('512 writers, errors', many),
    verdict('4,096 writers, entries/s', '≥ 1500', crowd?.rate, (rate) => rate >= 1500),
    noErrors('4,096 writers, errors', crowd),
    verdict(
      'three replicas, entries/s',
      `≥ ${figureText(half)}, half of one's`,
      three?.rate,
      (rate) => half !== null && rate >= half,
    ),
    verdict('three replicas, answers but 201 and 503', '0', three && othersThan503(three), (count) => count === 0),
    ...idleVerdicts(results),
  ];
}

/** The verdicts as a table. */
export function verdictTable(verdicts: readonly Verdict[]): string {
  const lines = verdicts.map(({ what, asked, reached, met }) => {
    const word = met === undefined ? 'not measured' : met ? 'met' : 'MISSED';
    return `| ${what} | ${asked} | ${reached} | ${word} |`;
  });
  return ['| figure | asked | reached |  |', '| --- | ---: | ---: | --- |', ...lines].join('\n');
}

function idleVerdicts({ operations }: GcpResults): Verdict[] {
  const model = tesseraOperations(0);
  return [1, 3].flatMap((replicas) => {
    const counted = operations.find(
      (one) => 'operations' in one && one.id === 'ours' && one.rate === 0 && one.replicas === replicas,
    );
    const hour = counted !== undefined && 'operations' in counted ? idleHour(counted) : undefined;
    const spannerMost = (model.spannerCalls * 3600) / 10;
    const storageMost = (model.reads * 3600) / 10;
    const of = `idle hour, a replica of ${replicas}`;
    return [
      verdict(`${of}: Spanner calls`, `≤ ${spannerMost}`, hour?.spanner, (count) => count <= spannerMost),
      verdict(`${of}: storage requests`, `≤ ${storageMost}`, hour?.storage, (count) => count <= storageMost),
    ];
  });
}

function verdict(
  what: string,
  asked: string,
  value: number | null | undefined,
  isMet: (value: number) => boolean,
): Verdict {
  if (value === undefined) return { what, asked, reached: NONE, met: undefined };
  if (value === null) return { what, asked, reached: NONE, met: false };
  return { what, asked, reached: value === 0 ? '0' : figureText(value), met: isMet(value) };
}

function noErrors(what: string, cell: SpeedCell | undefined): Verdict {
  const count = cell && Object.values(cell.failureKinds).reduce((sum, one) => sum + one, 0) + cell.failed.length;
  return verdict(what, '0', count, (errors) => errors === 0);
}

function othersThan503({ failureKinds, failed }: SpeedCell): number {
  const { 503: _, ...others } = failureKinds;
  return Object.values(others).reduce((sum, one) => sum + one, 0) + failed.length;
}
