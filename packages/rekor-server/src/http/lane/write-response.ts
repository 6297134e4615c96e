import { STATUS_CODES } from 'node:http';
import type { Answer } from '../answer.ts';

let second = 0;
let date = '';

/** The time as HTTP writes it (RFC 9110, 5.6.7); made once a second. */
function httpDate(): string {
  const now = Math.floor(Date.now() / 1000);
  if (now !== second) {
    second = now;
    date = new Date(now * 1000).toUTCString();
  }
  return date;
}

/** Status line and headers of an answer, with the empty line, in the order in which node:http sends them. */
export function responseHead(answer: Answer, mustClose: boolean): string {
  let head = `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? 'unknown'}\r\n`;
  if (answer.contentType !== undefined) head += `Content-Type: ${answer.contentType}\r\n`;
  head += `Content-Length: ${answer.length ?? answer.body.length}\r\n`;
  const { headers = [] } = answer;
  for (let i = 0; i + 1 < headers.length; i += 2) head += `${headers[i]}: ${headers[i + 1]}\r\n`;
  if (mustClose) head += 'Connection: close\r\n';
  return `${head}Date: ${httpDate()}\r\n\r\n`;
}
