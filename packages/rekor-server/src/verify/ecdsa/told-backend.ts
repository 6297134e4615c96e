import type { ServerLog } from '../../logging/server-log.ts';
import type { ServerMetrics } from '../../metrics/server-metrics.ts';
import type { ChosenBackend } from './choose-backend.ts';
import type { EcdsaBackend } from './ecdsa-backend.ts';

/** How a thread checks ECDSA signatures, in words that cross to another thread. */
export interface ToldBackend {
  readonly backend: EcdsaBackend['name'];
  /** Why it is not OpenSSL. */
  readonly fallbackReason: string | undefined;
}

/** What a thread says of the backend that it chose. */
export function toldBackend({ backend, fallbackReason }: ChosenBackend): ToldBackend {
  return { backend: backend.name, fallbackReason };
}

/** Tells the operator how signatures are checked: in a metric and in the log, where slowness is a warning. */
export function tellBackend({ backend, fallbackReason }: ToldBackend, metrics: ServerMetrics, log: ServerLog): void {
  metrics.verifyBackend.set(1, [backend]);
  if (fallbackReason === undefined) log.info('verifying signatures', { backend });
  else log.warn('verifying ECDSA signatures slowly: OpenSSL cannot be called', { backend, reason: fallbackReason });
}
