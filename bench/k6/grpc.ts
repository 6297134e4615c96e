import exec from 'k6/execution';
import grpc from 'k6/net/grpc';
import type { Options } from 'k6/options';
import { commonOptions, record, thresholds } from './measure/measure.ts';
import { readSettings } from './settings/read-settings.ts';
import { lineOf, requestLines } from './settings/request-lines.ts';

export { handleSummary } from './measure/summary.ts';

const settings = readSettings();
const lines = requestLines(settings);
const { seconds, vus } = settings;
const client = new grpc.Client();
client.load([settings.protos], 'rekor/v2/rekor_service.proto');
let isConnected = false;

export const options: Options = {
  ...commonOptions(settings),
  scenarios: {
    grpc: { executor: 'constant-vus', exec: 'write', vus, duration: `${seconds}s`, gracefulStop: '30s' },
  },
  thresholds: thresholds('write', settings.limits),
};

const PARAMS = { timeout: '30s', discardResponseMessage: true } as const;

/** One connection for each virtual user, kept for all its writes. */
export function write(): void {
  if (!isConnected) client.connect(settings.grpc, { plaintext: true, timeout: '10s' });
  isConnected = true;
  const message = JSON.parse(lineOf(lines, exec.scenario.iterationInTest)) as object;
  const start = Date.now();
  const { status } = client.invoke('dev.sigstore.rekor.v2.Rekor/CreateEntry', message, PARAMS);
  record('write', `gRPC ${status}`, Date.now() - start, status === grpc.StatusOK);
}
