import type { IncomingMessage, RequestListener } from 'node:http';
import { MAX_REQUEST_SIZE } from '@tilewright/core/witness';
import { type Answer, refusal, textAnswer } from '../answer.ts';
import type { Witness } from '../witness/witness.ts';
import { metricsText } from './metrics-text.ts';
import { readBody } from './read-body.ts';
import type { RequestCounts } from './request-counts.ts';
import { type Endpoint, METHODS, type Route, routeOf } from './routes.ts';
import { sendAnswer } from './send-answer.ts';

/** What the HTTP side of a witness needs. */
export interface WitnessHandlerOptions {
  readonly witness: Witness;
  /** Of the witness's own endpoints: empty, or a path without a last slash. */
  readonly prefix: string;
  readonly counts: RequestCounts;
}

const METRICS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
const CLOSE = { Connection: 'close' } as const;
/** Whoever shows the state of witnesses on a page may read it from there. */
const FOR_ALL = { 'Access-Control-Allow-Origin': '*' } as const;

/** Answers the requests of node:http for a witness. */
export function witnessHandler(options: WitnessHandlerOptions): RequestListener {
  const { counts, prefix } = options;
  return (request, response) => {
    const route = routeOf(request.url ?? '', prefix);
    answerTo(request, route, options).then(
      (answer) => {
        counts.count(endpointOf(route, options.witness), answer.status);
        sendAnswer(request, response, answer);
      },
      // The client went away: nobody is there to answer.
      () => response.destroy(),
    );
  };
}

async function answerTo(
  request: IncomingMessage,
  route: Route | undefined,
  { witness, counts }: WitnessHandlerOptions,
): Promise<Answer> {
  if (endpointOf(route, witness) === 'other' || route === undefined) return refusal(404, 'not found', unread(request));
  const methods = METHODS[route.endpoint];
  if (!methods.includes(request.method ?? '')) {
    return refusal(405, `only ${methods.join(' and ')}`, { Allow: methods.join(', '), ...unread(request) });
  }
  switch (route.endpoint) {
    case 'add-checkpoint':
      return withBody(request, (body) => witness.addCheckpoint(body));
    case 'sign-subtree':
      return withBody(request, (body) => witness.signSubtree(body));
    case 'checkpoint': {
      const answer = await witness.checkpoint(route.log);
      return { ...answer, headers: { ...answer.headers, ...FOR_ALL } };
    }
    case 'healthz':
      return health(witness);
    case 'metrics':
      return { ...textAnswer(200, metricsText(counts, headsOf(witness))), contentType: METRICS_CONTENT_TYPE };
  }
}

async function withBody(request: IncomingMessage, work: (body: Uint8Array) => Promise<Answer>): Promise<Answer> {
  const body = await readBody(request, MAX_REQUEST_SIZE);
  if (body.kind === 'whole') return work(body.bytes);
  return refusal(413, `a request has at most ${MAX_REQUEST_SIZE} bytes`, body.isRead ? {} : CLOSE);
}

/** Whether the state can be read, which it cannot after a write that failed. */
function health(witness: Witness): Answer {
  return headsOf(witness) === undefined ? refusal(503, 'the state cannot be used') : textAnswer(200, 'ok\n');
}

function headsOf(witness: Witness): ReturnType<Witness['heads']> | undefined {
  try {
    return witness.heads();
  } catch {
    return undefined;
  }
}

/** Without a key for it there is no sign-subtree. */
function endpointOf(route: Route | undefined, witness: Witness): Endpoint {
  if (route === undefined || (route.endpoint === 'sign-subtree' && !witness.signsSubtrees)) return 'other';
  return route.endpoint;
}

/** A connection whose request has a body that nobody reads cannot go on. */
function unread({ headers }: IncomingMessage): Readonly<Record<string, string>> {
  return Number(headers['content-length'] ?? 0) > 0 || headers['transfer-encoding'] !== undefined ? CLOSE : {};
}
