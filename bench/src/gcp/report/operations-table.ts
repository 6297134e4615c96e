import { billedOperations } from '@tilewright/store-gcp';
import { figureText, NONE, timesText } from '../../report/figure-text.ts';
import type { Counted } from '../operations/count-operations.ts';
import { type ModelledOperations, tesseraOperations } from '../operations/tessera-model.ts';
import { RATES } from '../plan/rows.ts';
import { contestantOf } from '../servers/servers.ts';
import type { CountResult, GcpResults } from './results.ts';

const MODEL = 'Tessera, read from its code, not measured';
const HOUR = 3600;

/** Calls of Spanner of all kinds, tries that failed included. */
export function spannerCalls({ operations }: Counted): number {
  return Object.values(operations.spanner).reduce((sum, count) => sum + count, 0);
}

function isCounted(result: CountResult): result is Counted {
  return 'operations' in result;
}

/** What an idle hour costs, for each replica. */
export function idleHour(counted: Counted): { readonly spanner: number; readonly storage: number } {
  const { insert, list, get, metadata } = counted.operations.storage;
  const scale = HOUR / counted.seconds / counted.replicas;
  return { spanner: spannerCalls(counted) * scale, storage: (insert + list + get + metadata) * scale };
}

/** The tables of operations: an entry's at each rate, and an idle hour's. */
export function operationsTables({ operations }: Pick<GcpResults, 'operations'>): string {
  const counted = operations.filter(isCounted);
  const failed = operations.filter((result) => !isCounted(result));
  const parts = [entryTable(counted), '', 'For an idle hour, a replica:', '', idleTable(counted)];
  for (const { id, failed: why } of failed as { id: string; failed: string }[]) parts.push('', `${id} failed: ${why}`);
  return parts.join('\n');
}

function entryTable(counted: readonly Counted[]): string {
  const lines = [
    '| entries/s | server | replicas | accepted/s | Spanner calls an entry | commits an entry | objects written an entry | of them checkpoints | objects a checkpoint | storage class A an entry | class B an entry |',
    '| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
  ];
  for (const rate of RATES.filter((one) => one > 0)) {
    const here = counted.filter((one) => one.rate === rate);
    if (here.length === 0) continue;
    lines.push(...here.map(countedLine), modelLine(rate, tesseraOperations(rate)));
  }
  return lines.join('\n');
}

function countedLine(counted: Counted): string {
  const { rate, id, replicas, entries, seconds, operations } = counted;
  const { classA, classB } = billedOperations(operations.storage);
  const { insert } = operations.storage;
  const each = (count: number): string => (entries === 0 ? NONE : shortRatio(count / entries));
  const columns = [
    rate,
    contestantOf(id).label,
    replicas,
    figureText(entries / seconds),
    each(spannerCalls(counted)),
    each(operations.spanner.Commit ?? 0),
    each(insert),
    each(operations.checkpoints),
    operations.checkpoints === 0 ? NONE : shortRatio(insert / operations.checkpoints),
    each(classA),
    each(classB),
  ];
  return `| ${columns.join(' | ')} |`;
}

function modelLine(rate: number, { spannerCalls: calls, objects, reads }: ModelledOperations): string {
  const each = (perSecond: number): string => shortRatio(perSecond / rate);
  const columns = [
    rate,
    `*${MODEL}*`,
    1,
    NONE,
    each(calls),
    NONE,
    each(objects),
    NONE,
    NONE,
    each(objects),
    each(reads),
  ];
  return `| ${columns.join(' | ')} |`;
}

function idleTable(counted: readonly Counted[]): string {
  const lines = [
    '| server | replicas | Spanner calls | storage requests | of Tessera’s calls |',
    '| --- | ---: | ---: | ---: | ---: |',
  ];
  const model = tesseraOperations(0);
  for (const one of counted.filter(({ rate }) => rate === 0)) {
    const { spanner, storage } = idleHour(one);
    const columns = [
      contestantOf(one.id).label,
      one.replicas,
      spanner.toFixed(0),
      storage.toFixed(0),
      timesText(spanner / (model.spannerCalls * HOUR)),
    ];
    lines.push(`| ${columns.join(' | ')} |`);
  }
  lines.push(`| *${MODEL}* | 1 | ${model.spannerCalls * HOUR} | ${model.reads * HOUR} | 1.0× |`);
  return lines.join('\n');
}

/** 12.4, 1.25, 0.071, 0.0078. */
function shortRatio(value: number): string {
  return value >= 10 ? value.toFixed(1) : value >= 1 ? value.toFixed(2) : value.toPrecision(2);
}
