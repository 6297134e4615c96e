import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a host of a log's files makes of one of them. Nothing: it answers 404. */
export type Change = (path: string, bytes: Uint8Array) => Uint8Array | undefined;

/** A host that serves a log's files, changed. */
export interface BadHost {
  readonly url: string;
  change: Change;
  /** Whether other sites may read it. */
  allowsOthers: boolean;
  close(): Promise<void>;
}

/** Serves what `origin` serves, at first unchanged. */
export async function badHost(origin: string): Promise<BadHost> {
  const server = createServer(async (request, response) => {
    const path = request.url ?? '/';
    const answer = await fetch(origin + path);
    const bytes = answer.ok ? host.change(path, new Uint8Array(await answer.arrayBuffer())) : undefined;
    response.statusCode = bytes === undefined ? 404 : 200;
    if (host.allowsOthers) response.setHeader('Access-Control-Allow-Origin', '*');
    response.end(bytes);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host: BadHost = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    change: (_, bytes) => bytes,
    allowsOthers: true,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return host;
}
