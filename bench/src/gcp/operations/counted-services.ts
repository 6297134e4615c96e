import { type GcsProxy, GrpcProxy, startGcsProxy } from '@tilewright/store-gcp/testing';
import { type Services, startServices } from '../servers/services.ts';

/** What was asked of Spanner and of Cloud Storage, tries that failed included. */
export interface Operations {
  /** Calls by gRPC method. */
  readonly spanner: Readonly<Record<string, number>>;
  /** Requests by what they ask for; each insert writes an object. */
  readonly storage: GcsProxy['operations'];
  /** Inserts that wrote, or tried to write, the checkpoint. */
  readonly checkpoints: number;
}

/** {@link Services} behind proxies that count. */
export interface CountedServices extends Services {
  operations(): Operations;
}

/** Starts services and proxies; their `environment` names the proxies. */
export async function startCountedServices(): Promise<CountedServices> {
  const services = await startServices();
  const { SPANNER_EMULATOR_HOST: spanner = '', STORAGE_EMULATOR_HOST: storage = '' } = services.environment;
  const calls = await GrpcProxy.start(spanner);
  const requests = await startGcsProxy(storage);
  let checkpoints = 0;
  // Sees every request; lets all of them pass.
  requests.inject(({ operation, name }) => {
    if (operation === 'insert' && name === 'checkpoint') checkpoints += 1;
    return undefined;
  });
  return {
    ...services,
    environment: { SPANNER_EMULATOR_HOST: calls.host, STORAGE_EMULATOR_HOST: requests.endpoint },
    operations: () => ({ spanner: calls.counts, storage: requests.operations, checkpoints }),
    stop: async () => {
      await Promise.all([calls.stop(), requests.stop()]);
      await services.stop();
    },
  };
}

/** What was asked between two readings. */
export function operationsBetween(before: Operations, after: Operations): Operations {
  const less = <K extends string>(one: Readonly<Record<K, number>>, other: Readonly<Partial<Record<K, number>>>) =>
    Object.fromEntries(
      Object.entries<number>(one).map(([name, count]) => [name, count - (other[name as K] ?? 0)]),
    ) as Record<K, number>;
  return {
    spanner: less(after.spanner, before.spanner),
    storage: less(after.storage, before.storage),
    checkpoints: after.checkpoints - before.checkpoints,
  };
}
