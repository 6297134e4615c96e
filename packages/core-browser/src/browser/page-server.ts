import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A file that a page asks for. */
export interface ServedFile {
  readonly type: string;
  readonly body: string;
}

/** Pages on loopback. */
export interface PageServer {
  /** `http://127.0.0.1:<port>`, without a slash at its end. */
  readonly url: string;
  close(): Promise<void>;
}

/** What of WebAssembly a page may use: its directory on the server says which. */
export const POLICIES = {
  'with-wasm': "script-src 'self' 'wasm-unsafe-eval'",
  'without-wasm': "script-src 'self'",
} as const;

/** Where a page lies: the name of its policy. */
export type PolicyName = keyof typeof POLICIES;

/** Serves the same files below each policy's name, each with that content security policy and no other permission. */
export async function servePages(files: ReadonlyMap<string, ServedFile>, connect = ''): Promise<PageServer> {
  const server = createServer((request, response) => {
    const [, policy = '', name = ''] = (request.url ?? '').split('?')[0]?.split('/') ?? [];
    const file = files.get(name === '' ? 'index.html' : name);
    if (!isPolicy(policy) || file === undefined) return void response.writeHead(404).end();
    const rest = `connect-src 'self' ${connect}; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'`;
    response.writeHead(200, {
      'Content-Type': file.type,
      'Content-Security-Policy': `default-src 'none'; ${POLICIES[policy]}; ${rest}`,
    });
    response.end(file.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function isPolicy(name: string): name is PolicyName {
  return Object.hasOwn(POLICIES, name);
}
