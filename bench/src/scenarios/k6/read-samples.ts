import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { isDeepStrictEqual } from 'node:util';

/** What a kind of request was answered with. */
export interface AnswerKind {
  readonly request: string;
  readonly answer: string;
  readonly isExpected: boolean;
}

/** One answer: when it came, milliseconds since 1970, and how long it took. */
export interface AnswerSample {
  readonly kind: AnswerKind;
  readonly atMs: number;
  readonly ms: number;
}

/** A figure at a time, milliseconds since 1970. */
export interface Sample {
  readonly atMs: number;
  readonly value: number;
}

/** What the report takes out of k6's time series. */
export interface Samples {
  readonly answers: readonly AnswerSample[];
  readonly users: readonly Sample[];
  /** Iterations that found no free virtual user. */
  readonly dropped: readonly Sample[];
}

/** Reads the file of `k6 run --out csv`, line by line. Throws when it has not the columns of one. */
export async function readSamples(path: string): Promise<Samples> {
  const answers: AnswerSample[] = [];
  const users: Sample[] = [];
  const dropped: Sample[] = [];
  const kinds = new Map<string, AnswerKind>();
  let columns: Columns | undefined;
  for await (const line of createInterface({ input: createReadStream(path) })) {
    if (columns === undefined) {
      columns = columnsOf(line);
      continue;
    }
    // Of a dozen metrics a request three are read: the others are not split.
    const list = line.startsWith('vus,') ? users : line.startsWith('dropped_iterations,') ? dropped : undefined;
    if (list === undefined && !line.startsWith('answer_ms,')) continue;
    const fields = line.split(',');
    const atMs = Number(fields[columns.time]);
    const value = Number(fields[columns.value]);
    if (list !== undefined) list.push({ atMs, value });
    else answers.push({ kind: kindOf(fields[columns.tags] ?? '', kinds), atMs, ms: value });
  }
  return { answers, users, dropped };
}

interface Columns {
  readonly time: number;
  readonly value: number;
  readonly tags: number;
}

function columnsOf(header: string): Columns {
  const names = header.split(',');
  const column = (name: string): number => {
    const found = names.indexOf(name);
    if (found < 0) throw new Error(`k6's time series has no column ${name}: is it another version of k6?`);
    return found;
  };
  return { time: column('timestamp'), value: column('metric_value'), tags: column('extra_tags') };
}

/** The one object of a kind: k6 writes the tags of a sample in any order. */
function kindOf(text: string, known: Map<string, AnswerKind>): AnswerKind {
  const existing = known.get(text);
  if (existing !== undefined) return existing;
  const tags = new Map(text.split('&').map((pair) => pair.split('=') as [string, string]));
  const tag = (name: string): string => tags.get(name) ?? 'unknown';
  const made = { request: tag('request'), answer: tag('answer'), isExpected: tag('expected') === 'yes' };
  const same = [...known.values()].find((kind) => isDeepStrictEqual(kind, made)) ?? made;
  known.set(text, same);
  return same;
}
