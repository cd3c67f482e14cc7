import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
}

/**
 * Follows the open connections, since those that ask for nothing would hold up a stop: Node waits for the first request
 * of connections that browsers and clients open in advance, and for the rest of what arrives slowly.
 */
export function followConnections(server: Server) {
  const newest = new Map<Socket, Exchange | undefined>();
  server.on('connection', (socket: Socket) => {
    newest.set(socket, undefined);
    socket.once('close', () => newest.delete(socket));
  });
  server.on('request', (request, response) => newest.set(request.socket, { request, response }));
  const endWhere = (useless: (exchange: Exchange | undefined) => boolean) => () => {
    for (const [socket, exchange] of newest) if (useless(exchange)) socket.destroy();
  };
  return {
    /** Ends those on which no request has come yet. */
    endSilent: endWhere((exchange) => exchange === undefined),
    /** Ends all but those whose request is here as a whole and waits for its answer. */
    endUnasked: endWhere(
      (exchange) => exchange?.request.complete !== true || exchange.response.writableFinished,
    ),
  };
}
