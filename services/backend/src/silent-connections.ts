import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Follows the connections on which no request has come yet, as browsers and clients open them in advance. Node counts
 * them as busy and waits for their first request when the server closes.
 * @returns ends those that are still silent
 */
export function followSilentConnections(server: Server): () => void {
  const silent = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  server.on('request', ({ socket }) => silent.delete(socket));
  return () => {
    for (const socket of silent) socket.destroy();
  };
}
