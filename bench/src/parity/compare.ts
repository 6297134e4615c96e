import type { Difference } from './declared.ts';
import type { Answer, Row } from './row.ts';

const PARSER_TEXT = '(parser text)';

/** The fields in which two answers to one row differ. */
export function differences(row: Row, reference: Answer, ours: Answer): Difference[] {
  const left = withoutParserText(row, reference);
  const right = withoutParserText(row, ours);
  const fields = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...fields]
    .map((field) => ({
      row: row.name,
      field,
      reference: left[field] ?? '(none)',
      ours: right[field] ?? '(none)',
    }))
    .filter((difference) => difference.reference !== difference.ours);
}

/** Where the JSON parser speaks, its sentence is replaced; that there is one, and the code beside it, still count. */
function withoutParserText(row: Row, answer: Answer): Answer {
  if (row.parserText !== true || answer.body === undefined) return answer;
  const body = answer.body.replace(/"message":"(?:[^"\\]|\\.)+"/, `"message":"${PARSER_TEXT}"`);
  return { ...answer, body };
}
