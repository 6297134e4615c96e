import { type ServerMetrics, witnessMetrics } from '@tilewright/rekor-server';
import { type LogKey, noteVerifierOf } from '@tilewright/signer';
import { fetchTransport, WitnessGroup } from '@tilewright/witness';
import { programVersion } from '../../cli/version.ts';
import type { LogLines } from '../../diagnostics/log-lines.ts';
import type { WitnessSettings } from '../config/witness/witness-settings.ts';
import { nodeClock } from './node-world.ts';

/** The log's witnesses, asked over HTTP; metrics and lines tell of each. */
export function witnessGroup(
  { policy, failClosed, timeoutMs, collect }: WitnessSettings,
  { origin, verifier }: Pick<LogKey, 'origin' | 'verifier'>,
  metrics: ServerMetrics,
  lines: LogLines,
): WitnessGroup {
  const count = witnessMetrics(
    metrics,
    policy.reachable.map(({ name }) => name),
  );
  return new WitnessGroup({
    policy,
    failClosed,
    timeoutMs,
    collect,
    origin,
    logVerifier: verifier,
    verifierOf: noteVerifierOf,
    transport: fetchTransport(`tilewright/${programVersion()}`),
    clock: nodeClock,
    observe: (report) => {
      count(report);
      const { witness, outcome, size, reason } = report;
      // Whoever fails is left alone for a while: this is no line for each checkpoint.
      if (outcome === 'failed') lines.warn('a witness did not cosign', { witness, size, reason });
    },
  });
}
