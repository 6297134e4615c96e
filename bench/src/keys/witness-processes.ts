import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ourCommand } from '../server/commands.ts';
import { freePorts } from '../server/free-port.ts';
import { type ServerProcess, startServer } from '../server/server-process.ts';

/** Witnesses that run, and the policy that asks for all of them. */
export interface WitnessProcesses {
  readonly policy: string;
  stop(): Promise<void>;
}

/** Starts `tilewright witness` so many times for one log, each with its own key and state below `directory`. */
export async function startWitnesses(count: number, directory: string, logVkey: string): Promise<WitnessProcesses> {
  const logsFile = join(directory, 'logs.txt');
  await writeFile(logsFile, `log ${logVkey}\n`);
  const running: ServerProcess[] = [];
  const lines: string[] = [];
  const names: string[] = [];
  for (const port of await freePorts(count)) {
    const name = `w${names.length + 1}.bench`;
    const files = [join(directory, `${name}.pem`), join(directory, `${name}.db`)] as const;
    const identity = ['--name', name, '--key-file', files[0], '--state', files[1]];
    const made = tilewright(['witness', 'init', ...identity, '--url', `http://127.0.0.1:${port}`, '--json']);
    lines.push((JSON.parse(made) as { readonly policyLine: string }).policyLine);
    names.push(name);
    const serving = ['witness', ...identity, '--logs-file', logsFile, '--http-port', String(port)];
    const ports = { http: port, grpc: 0, metrics: 0 };
    running.push(await startServer({ name, argv: ourCommand(serving), ports, readyPath: '/healthz' }));
  }
  const policy = [...lines, `group all all ${names.join(' ')}`, 'quorum all', ''].join('\n');
  return { policy, stop: async () => void (await Promise.all(running.map((witness) => witness.stop()))) };
}

/** What a command prints. */
export function tilewright(args: readonly string[]): string {
  const [program, ...words] = ourCommand(args);
  return execFileSync(program, words, { encoding: 'utf8' });
}
