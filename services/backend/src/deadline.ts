import type { FastifyReply } from 'fastify';
import { ServiceError } from './errors.ts';

/**
 * Does the work of one request, with a signal that aborts when the time is up or the caller leaves. Fastify's own
 * request.signal aborts as soon as a body has been read (5.12: it listens to the request's `close`), and its
 * handlerTimeout is called off then.
 * @param milliseconds that the work may take.
 * @throws {ServiceError} the signal's reason: 504 for the time, 499 for the caller, who does not see it.
 */
export async function withDeadline<T>(
  reply: FastifyReply,
  milliseconds: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const timer = setTimeout(() => {
    const message = `No answer within ${milliseconds / 1000} s; send fewer sentences, or the same a little later.`;
    controller.abort(new ServiceError(504, 'deadline_exceeded', message));
  }, milliseconds);
  const onClose = () => {
    controller.abort(new ServiceError(499, 'caller_left', 'The caller closed the connection.'));
  };
  reply.raw.once('close', onClose);
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    reply.raw.off('close', onClose);
  }
}
