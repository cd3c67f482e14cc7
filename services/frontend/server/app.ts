import { basename, dirname } from 'node:path';
import staticFiles from '@fastify/static';
import Fastify, { type FastifyError, type FastifyReply } from 'fastify';
import type { Env } from './env.ts';
import { proxyToBackend } from './proxy.ts';

/** Everything comes from this server; inline styles and scripts are refused. */
const securityHeaders = {
  'content-security-policy': [
    "default-src 'self'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
};

export interface AppOptions {
  /** Absolute path of the built page. */
  dist: string;
  logger?: boolean;
}

/**
 * The page, its configuration, and the way to the backend.
 * Errors: `{"code", "message"}` with 404 for what does not exist and 502, 503 or 504 for a failing backend.
 */
export async function buildApp(env: Env, { dist, logger = false }: AppOptions) {
  const app = Fastify({
    logger,
    forceCloseConnections: 'idle',
    frameworkErrors: (error, _request, reply: FastifyReply) => {
      void reply.code(error.statusCode ?? 400).send({ code: 'bad_request', message: error.message });
    },
  });

  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(securityHeaders);
  });

  app.get('/health', { logLevel: 'warn' }, () => ({ status: 'ok' }));
  app.get('/config.json', (_request, reply) => {
    const { grafanaUrl, prometheusUrl } = env;
    reply.header('cache-control', 'no-cache');
    return { grafanaUrl, prometheusUrl };
  });

  await proxyToBackend(app, env);
  await app.register(staticFiles, {
    root: dist,
    preCompressed: true,
    cacheControl: false,
    setHeaders: (reply, path) => {
      // Names under assets/ carry a hash of their content; everything else keeps its name when it changes.
      const hashed = basename(dirname(path)) === 'assets';
      reply.setHeader('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });

  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '/';
    if (request.method === 'GET' && isPage(path)) return reply.sendFile('index.html');
    return reply.code(404).send({ code: 'not_found', message: `There is no ${request.method} ${path}.` });
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500) return reply.code(status).send({ code: 'bad_request', message: error.message });
    request.log.error(error);
    return reply.code(status).send({
      code: 'internal_error',
      message: 'The frontend server failed. Its log says why: ./stack logs frontend',
    });
  });
  return app;
}

/** A path that the page itself routes, as opposed to a file or an interface that does not exist. */
function isPage(path: string) {
  return !/^\/(v1|assets)(\/|$)/.test(path) && !basename(path).includes('.');
}
