import type { ServerLog } from '../logging/server-log.ts';
import type { CertificateFiles } from './certificate-files.ts';

/** A server that listens. */
export interface RunningServer<Name extends string = 'http' | 'grpc' | 'metrics'> {
  readonly ports: Readonly<Record<Name, number>>;
  /**
   * Turns unready, stops accepting, lets requests under way be answered for up to `graceMs`, then closes what is left.
   * The app closes the log afterwards, and the preparer.
   */
  shutdown(graceMs: number): Promise<void>;
}

/** One listener of a server. */
export interface ServedListener {
  /** For the log. */
  readonly label: string;
  readonly host: string;
  readonly listener: { start(): Promise<number>; close(graceMs: number): Promise<void> };
  readonly certificate?: CertificateFiles | undefined;
}

/**
 * Starts the listeners in this order, or none; they close together, the metrics last. `closing` is told before.
 * @throws ServerError
 */
export async function serveListeners<Name extends string>(
  listeners: Readonly<Record<Name, ServedListener>>,
  log: ServerLog,
  closing: () => void,
): Promise<RunningServer<Name>> {
  const named = Object.entries<ServedListener>(listeners);
  const shutdown = async (graceMs: number): Promise<void> => {
    closing();
    await Promise.all(named.map(([name, { listener }]) => (name === 'metrics' ? undefined : listener.close(graceMs))));
    for (const [name, { listener }] of named) if (name === 'metrics') await listener.close(graceMs);
    for (const [, { certificate }] of named) certificate?.close();
  };
  const ports = new Map<string, number>();
  try {
    for (const [name, { label, host, listener, certificate }] of named) {
      const port = await listener.start();
      ports.set(name, port);
      log.info(
        `${label} listening`,
        name === 'metrics' ? { host, port } : { host, port, tls: certificate !== undefined },
      );
    }
    return { ports: Object.fromEntries(ports) as Record<Name, number>, shutdown };
  } catch (error) {
    await shutdown(0);
    throw error;
  }
}
