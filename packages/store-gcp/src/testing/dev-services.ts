import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { type DevServices, type DevServicesOptions, startDevServices } from './start-dev-services.ts';

const HELP = `usage: npm run dev-services -- [options]

Starts a Spanner emulator and fake-gcs-server on this machine, makes a database with our tables and a bucket, and says how
'tilewright serve' uses them. Runs until Ctrl-C; what they hold is gone then.

  --spanner-port N   port of the Spanner emulator on 127.0.0.1 (default 9010; 0 for a free one)
  --storage-port N   port of fake-gcs-server on 127.0.0.1 (default 4443; 0 for a free one)
  --help

The emulator is the one of the Google Cloud CLI (google-cloud-cli-spanner-emulator); tools/install brings fake-gcs-server.
Exit status: 0 after Ctrl-C; 1 one of them is missing or did not start; 2 usage.
`;

/** The options, 'help', or what is wrong with them. */
function readOptions(argv: readonly string[]): DevServicesOptions | 'help' | { readonly wrong: string } {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        'spanner-port': { type: 'string', default: '9010' },
        'storage-port': { type: 'string', default: '4443' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return 'help';
    const spannerPort = portOf('--spanner-port', values['spanner-port']);
    const storagePort = portOf('--storage-port', values['storage-port']);
    return { spannerPort, storagePort };
  } catch (error) {
    return { wrong: error instanceof Error ? error.message : 'unknown error' };
  }
}

function portOf(flag: string, text: string): number | undefined {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw new Error(`${flag} is a port, 0 to 65535`);
  return Number(text) === 0 ? undefined : Number(text);
}

function instructions({ environment, flags, publicUrl }: DevServices): string {
  const exports = Object.entries(environment).map(([name, value]) => `  export ${name}=${value}`);
  return `Both are running. In another terminal:

  openssl genpkey -algorithm ed25519 -out dev-key.pem && chmod 600 dev-key.pem
${exports.join('\n')}
  npx tilewright serve ${flags.join(' ')} --hostname localhost --signer-filepath dev-key.pem

More replicas of it need other ports: --http-port, --grpc-port, --http-metrics-port.
Readers find the log at ${publicUrl}/checkpoint
Ctrl-C ends both.
`;
}

/** Ends at the first of these signals. */
async function untilSignal(): Promise<void> {
  await Promise.race(['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => once(process, signal)));
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  if ('wrong' in options) {
    process.stderr.write(`dev-services: ${options.wrong}\n${HELP}`);
    return 2;
  }
  const signal = untilSignal();
  try {
    const services = await startDevServices(options);
    process.stdout.write(instructions(services));
    // Signals alone keep no process alive.
    const alive = setInterval(() => {}, 60_000);
    await signal;
    clearInterval(alive);
    await services.stop();
    return 0;
  } catch (error) {
    process.stderr.write(`dev-services: ${error instanceof Error ? error.message : 'unknown error'}\n`);
    return 1;
  }
}

process.exit(await main());
