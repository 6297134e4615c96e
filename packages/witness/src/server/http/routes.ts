import { asHash, decodeHex, type Hash } from '@tilewright/core/bytes';

/** What a path asks for. */
export type Route =
  | { readonly endpoint: 'add-checkpoint' | 'sign-subtree' | 'healthz' | 'metrics' }
  | { readonly endpoint: 'checkpoint'; readonly log: Hash };

/** What a request is counted under. */
export type Endpoint = Route['endpoint'] | 'other';

/** The methods of each endpoint, as `Allow` lists them. */
export const METHODS: Readonly<Record<Route['endpoint'], readonly string[]>> = {
  'add-checkpoint': ['POST'],
  'sign-subtree': ['POST'],
  checkpoint: ['GET', 'HEAD'],
  healthz: ['GET', 'HEAD'],
  metrics: ['GET', 'HEAD'],
};

const CHECKPOINT = /^\/([0-9a-f]{64})\/checkpoint$/;

/**
 * What the target of a request asks for; nothing for a path that does not exist.
 *
 * @param prefix of the witness's own endpoints: empty, or a path without a last slash
 */
export function routeOf(target: string, prefix: string): Route | undefined {
  const [path = ''] = target.split('?', 1);
  if (path === '/healthz' || path === '/metrics') return { endpoint: path === '/healthz' ? 'healthz' : 'metrics' };
  if (!path.startsWith(`${prefix}/`)) return undefined;
  const rest = path.slice(prefix.length);
  if (rest === '/add-checkpoint') return { endpoint: 'add-checkpoint' };
  if (rest === '/sign-subtree') return { endpoint: 'sign-subtree' };
  const log = CHECKPOINT.exec(rest)?.[1];
  return log === undefined ? undefined : { endpoint: 'checkpoint', log: asHash(decodeHex(log)) };
}

/** Whether a text can be a prefix: nothing, or segments of letters, digits and `-._~`, each after a slash. */
export function isPrefix(text: string): boolean {
  return /^(\/[A-Za-z0-9._~-]+)*$/.test(text);
}
