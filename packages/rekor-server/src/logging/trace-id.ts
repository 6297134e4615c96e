import { randomBytes } from 'node:crypto';

const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/;
const CLOUD_TRACE = /^([0-9a-f]{32})(?:\/|;|$)/i;
const NO_TRACE = '0'.repeat(32);

/**
 * The 32 hex digits that tie log lines of one request together: those of `traceparent` (W3C Trace Context, 3.2), else of
 * `X-Cloud-Trace-Context`, else random ones. A header that is not well-formed counts as absent.
 */
export function traceIdOf(traceparent: string | undefined, cloudTraceContext: string | undefined): string {
  const w3c = traceparent === undefined ? undefined : TRACEPARENT.exec(traceparent)?.[1];
  const id = w3c ?? (cloudTraceContext === undefined ? undefined : CLOUD_TRACE.exec(cloudTraceContext)?.[1]);
  return id === undefined || id === NO_TRACE ? randomBytes(16).toString('hex') : id.toLowerCase();
}
