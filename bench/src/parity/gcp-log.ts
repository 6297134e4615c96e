import { basename } from 'node:path';
import { startDevServices } from '@tilewright/store-gcp/testing';
import { type LogPlace, ourCommand } from '../server/commands.ts';
import { runCommand } from '../server/run-command.ts';
import type { ServerCommand } from '../server/server-process.ts';

/** A database and a bucket on this machine, in which each place of the workspace is a log of its own. */
export interface GcpLogs {
  /** Tilewright on the log that stands for the place's directory. */
  server(place: LogPlace, flags: readonly string[]): ServerCommand;
  stop(): Promise<void>;
}

/** Starts both, and makes the tables of the logs whose directories would be called so. */
export async function startGcpLogs(names: readonly string[]): Promise<GcpLogs> {
  const services = await startDevServices();
  // So that the servers, which are this process's children, find the emulators.
  Object.assign(process.env, services.environment);
  const database = services.flags[services.flags.indexOf('--gcp-spanner') + 1] ?? '';
  try {
    for (const name of names) {
      const argv = ourCommand([
        'db',
        'init',
        '--gcp-spanner',
        database,
        '--gcp-spanner-table-prefix',
        tablePrefix(name),
      ]);
      const { code, output } = await runCommand(argv);
      if (code !== 0) throw new Error(`db init ended with exit ${code}: ${output}`);
    }
  } catch (error) {
    await services.stop();
    throw error;
  }
  return {
    server: ({ ports, storageDir, keyFile, origin }, flags) => {
      const name = basename(storageDir);
      const place = ['--gcp-bucket-prefix', `${name}/`, '--gcp-spanner-table-prefix', tablePrefix(name)];
      const listeners = [
        `--http-port=${ports.http}`,
        `--grpc-port=${ports.grpc}`,
        `--http-metrics-port=${ports.metrics}`,
      ];
      const identity = [`--signer-filepath=${keyFile}`, `--hostname=${origin}`];
      return {
        name: 'ours',
        argv: ourCommand(['serve', ...services.flags, ...place, ...listeners, ...identity, ...flags]),
        ports,
        readyPath: '/readyz',
      };
    },
    stop: () => services.stop(),
  };
}

function tablePrefix(name: string): string {
  return `${name.replaceAll(/[^A-Za-z0-9]/g, '_')}_`;
}
