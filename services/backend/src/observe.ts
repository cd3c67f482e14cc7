import { finished } from 'node:stream';
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { docsPrefix, isDocs } from './docs.ts';
import type { Metrics } from './metrics.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether callers' requests to this route count in the HTTP metrics and the log; unset means they do. */
    observed?: boolean;
    /** Stands in for the methods that a path does not have: a request to it is a request to no route. */
    fallback?: boolean;
  }
}

/** What a request to no route counts under: raw paths would make a series each. */
const unknownRoute = 'unknown';

/** Methods with series of their own; Node's parser lets some thirty more through, which count under `other`. */
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const otherMethod = 'other';

/** Counts every request at its end, times it, and writes one log line, without what was sent. */
export function requestObserver(metrics: Metrics) {
  const count = (method: string, route: string, answered: number, failed: number) => {
    // Both counters always step together, if only by 0: where one series exists, its partner in the error rate does.
    metrics.http_requests_total.inc({ method, route }, answered);
    metrics.api_errors_total.inc({ method, route }, failed);
  };
  for (const method of [...methods, otherMethod]) count(method, unknownRoute, 0, 0);

  return {
    /** Starts the counters of a route at 0, so that its first request is a step. */
    route: ({ method, url, config }: RouteOptions) => {
      if (config?.observed === false || config?.fallback === true) return;
      for (const name of [method].flat()) count(name, labelOf(url), 0, 0);
    },
    /** Observes one request, from its beginning. */
    request: (request: FastifyRequest, reply: FastifyReply) => {
      const { config, url } = request.routeOptions;
      if (config.observed === false) return;
      const method = methods.has(request.method) ? request.method : otherMethod;
      const route = config.fallback === true ? unknownRoute : labelOf(url);
      metrics.active_requests_count.inc();
      finished(reply.raw, (failure) => {
        metrics.active_requests_count.dec();
        const { elapsedTime: milliseconds, statusCode: status } = reply;
        if (failure) {
          // An answer that nobody read is neither a success nor an error of the service.
          request.log.info({ method, route, milliseconds }, 'caller left');
          return;
        }
        count(method, route, 1, status >= 400 ? 1 : 0);
        metrics.http_request_duration_seconds.observe({ method, route, status }, milliseconds / 1000);
        request.log.info({ method, route, status, milliseconds }, 'answered');
      });
    },
  };
}

function labelOf(route: string | undefined): string {
  return isDocs(route) ? docsPrefix : (route ?? unknownRoute);
}
