import type { Answer } from '../row.ts';
import type { RawResponse } from './raw-http.ts';

/** Headers whose values no two answers share. */
const DATES = new Set(['date']);
const FRAMING = new Set(['content-length', 'transfer-encoding']);

/**
 * What is compared of an HTTP answer: `status`, each `header:name`, `body`, `details`, and whether `100 Continue` came.
 *
 * JSON keeps its key order and loses its white space, which protojson chooses at random for each build of a binary.
 * With it goes the framing of JSON: Go counts a body of up to 2,048 bytes and chunks a larger one; a body that came
 * whole, by either, is `framing: whole`.
 */
export function httpAnswer(response: RawResponse): Answer {
  const fields: Record<string, string> = { status: String(response.status) };
  const json = isJson(response) ? parsed(response.body) : undefined;
  for (const [name, value] of response.headers) {
    const key = name.toLowerCase();
    if (DATES.has(key)) continue;
    if (json !== undefined && FRAMING.has(key)) fields.framing = 'whole';
    else {
      const seen = fields[`header:${key}`];
      fields[`header:${key}`] = seen === undefined ? value : `${seen}, ${value}`;
    }
  }
  if (response.continued) fields.continued = 'yes';
  if (json === undefined) fields.body = Buffer.from(response.body).toString('utf8');
  else if (isErrorBody(json)) {
    const { details, ...rest } = json;
    fields.body = JSON.stringify(rest);
    fields.details = JSON.stringify(details);
  } else fields.body = JSON.stringify(json);
  return fields;
}

function isJson(response: RawResponse): boolean {
  const type = response.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  return type === 'application/json';
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    return undefined;
  }
}

function isErrorBody(json: unknown): json is { details: unknown } {
  return typeof json === 'object' && json !== null && 'code' in json && 'details' in json;
}
