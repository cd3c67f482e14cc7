import type { Socket } from 'node:net';
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, RouteOptions } from 'fastify';
import { ServiceError, toServiceError } from './errors.ts';

/** Gives every answer from 400 up the one shape, whoever refuses: a route, a validator, or the framework. */
export function refuseInOneShape(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => sendError(error, reply, request.log));
  app.setNotFoundHandler((request) => {
    const path = request.url.split('?', 1)[0] ?? '';
    throw new ServiceError(404, 'not_found', `There is no ${path}; /docs lists what there is.`);
  });
}

/** Sends what went wrong, and logs it where the fault is ours. */
export function sendError(error: unknown, reply: FastifyReply, log: FastifyBaseLogger): FastifyReply {
  const answer = toServiceError(error);
  if (answer.status >= 500) log.error({ err: answer.cause ?? answer }, answer.message);
  if (answer.retryAfter !== undefined) void reply.header('retry-after', answer.retryAfter);
  const body = speaksProtocol(reply.request.url) ? protocolProblem(answer) : problem(answer);
  return reply.code(answer.status).type('application/json').send(body);
}

/** Answers what is not even HTTP, such as a request line that is too long; no route and no hook sees it. */
export function refuseBrokenHttp(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, reason] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? [431, 'Request Header Fields Too Large']
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? [408, 'Request Timeout']
        : [400, 'Bad Request'];
  const body = JSON.stringify({ code: 'bad_request', message: reason });
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
  );
}

/** Answers 405 for the methods that a path does not have. Call it before the routes, and its result after them. */
export function refuseOtherMethods(app: FastifyInstance): () => void {
  const methods = new Map<string, string[]>();
  app.addHook('onRoute', ({ method, url, schema }: RouteOptions) => {
    if (schema?.hide !== true) methods.set(url, [...(methods.get(url) ?? []), ...[method].flat()]);
  });
  return () => {
    for (const [url, known] of methods) {
      const others = app.supportedMethods.filter((method) => !known.includes(method));
      const refuse = (_request: unknown, reply: FastifyReply) => {
        void reply.header('allow', known.join(', '));
        throw new ServiceError(405, 'method_not_allowed', `${url} takes ${known.join(', ')}.`);
      };
      // Refused before the body is read.
      app.route({
        method: others,
        url,
        config: { fallback: true },
        schema: { hide: true },
        onRequest: refuse,
        handler: refuse,
      });
    }
  };
}

function problem({ code, message, field }: ServiceError) {
  return { code, message, ...(field !== undefined && { field }) };
}

/** The shape of the Open Inference Protocol, which wants `error`; the rest is in it for those who know this service. */
function protocolProblem(answer: ServiceError) {
  return { error: answer.message, ...problem(answer) };
}

function speaksProtocol(url: string): boolean {
  return /^\/v2(?:[/?]|$)/.test(url);
}
