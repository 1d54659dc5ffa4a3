import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import type { Libpq } from '../../src/pg/driver.js';
import { addressOf, isSilent, isSilentSync } from '../../src/pg/reachability.js';

const servers: Server[] = [];
const sockets: Socket[] = [];
afterAll(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers) server.close();
});

async function serve(host: string, onConnection: (socket: Socket) => void = () => {}): Promise<AddressInfo> {
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    onConnection(socket);
  }).listen(0, host);
  servers.push(server);
  await once(server, 'listening');
  return server.address() as AddressInfo;
}

describe('the address of a connection', () => {
  it.skipIf(process.platform !== 'linux').each(['127.0.0.1', '::1'])(
    'is found by its socket: %s [of Linux]',
    async (host) => {
      const { port } = await serve(host);
      const socket = connect(port, host);
      sockets.push(socket);
      await once(socket, 'connect');
      const { fd } = (socket as unknown as { readonly _handle: { readonly fd: number } })._handle;
      const pq = { socket: () => fd } as Libpq;
      const found = addressOf(pq);
      expect(found?.port).toBe(port);
      expect(found?.host.replace(/^(0:){7}1$/, '::1')).toBe(host);
      expect(addressOf(pq)).toBe(found);
    },
  );

  it('is unknown of what is no socket', () => {
    expect(addressOf({ socket: () => -1 } as Libpq)).toBeUndefined();
  });
});

describe('a server', () => {
  it('is silent where nothing comes back', async () => {
    const { port } = await serve('127.0.0.1');
    expect(await isSilent({ host: '127.0.0.1', port }, 50)).toBe(true);
    expect(isSilentSync({ host: '127.0.0.1', port }, 50)).toBe(true);
  });

  it('is not silent where it answers to the request of the protocol, hangs up, or refuses', async () => {
    const asked: Buffer[] = [];
    const answering = await serve('127.0.0.1', (socket) =>
      socket.once('data', (data) => {
        asked.push(data);
        socket.write('N');
      }),
    );
    expect(await isSilent({ host: '127.0.0.1', port: answering.port }, 5000)).toBe(false);
    // GSSENCRequest: the length, and its code.
    expect(asked.map((data) => [data.readInt32BE(0), data.readInt32BE(4)])).toEqual([[8, 80877104]]);
    const hangingUp = await serve('127.0.0.1', (socket) => socket.destroy());
    expect(await isSilent({ host: '127.0.0.1', port: hangingUp.port }, 5000)).toBe(false);
    expect(await isSilent({ host: '127.0.0.1', port: 1 }, 5000)).toBe(false);
    expect(isSilentSync({ host: '127.0.0.1', port: 1 }, 5000)).toBe(false);
  });
});
