import cors from '@fastify/cors';
import rateLimit, { normalizeIP } from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isDocs } from '../docs.ts';
import { ServiceError } from '../errors.ts';
import { keyRing, type KeyRing } from './keys.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Needs no key and has no rate limit; unset means that a route has both, where they are set. */
    open?: boolean;
  }
}

export interface AccessOptions {
  /** Any one of them opens the service; with none it is open to all. */
  apiKeys?: readonly string[];
  /** Requests that one key, or one address without a key, may send in a minute; unset for any number. */
  rateLimitPerMinute?: number;
  /** Origins whose pages may call the service. */
  corsOrigins?: readonly string[];
}

/** Who may call, how often, and from which pages. Call it before the routes, and after the hook that counts requests. */
export async function guardAccess(app: FastifyInstance, options: AccessOptions): Promise<void> {
  const { apiKeys = [], rateLimitPerMinute, corsOrigins = [] } = options;
  const keyOf = keyRing(apiKeys);
  // A browser asks for permission without the key that its request will carry: this comes first.
  if (corsOrigins.length > 0) await allowPages(app, corsOrigins);
  // Before the keys are checked, so that nobody can guess one at full speed.
  if (rateLimitPerMinute !== undefined) await limitRates(app, rateLimitPerMinute, keyOf);
  if (apiKeys.length > 0) requireKey(app, keyOf);
}

async function allowPages(app: FastifyInstance, origins: readonly string[]): Promise<void> {
  await app.register(cors, {
    origin: [...origins],
    allowedHeaders: ['authorization', 'content-type', 'idempotency-key', 'x-request-id'],
    exposedHeaders: ['retry-after', 'x-request-id'],
    maxAge: 600,
    // The plugin would refuse in a shape of its own.
    strictPreflight: false,
  });
}

/** The plugin remembers the 5,000 callers that came last; an IPv6 network of a household or a machine is one. */
async function limitRates(app: FastifyInstance, max: number, keyOf: KeyRing): Promise<void> {
  await app.register(rateLimit, { global: false });
  const limit = app.rateLimit({
    max,
    timeWindow: '1 minute',
    // A wrong key counts for its address: made-up keys must not be callers of their own.
    keyGenerator: ({ headers, ip }) => {
      const key = keyOf(headers.authorization);
      return key === undefined ? normalizeIP(ip) : `key ${key}`;
    },
    allowList: isOpen,
    errorResponseBuilder: (_request, { max, ttl }) =>
      new ServiceError(
        429,
        'rate_limited',
        `More than ${max} requests in a minute; try again a little later.`,
        { retryAfter: Math.max(1, Math.ceil(ttl / 1000)) },
      ),
  });
  app.addHook('onRequest', limit);
}

function requireKey(app: FastifyInstance, keyOf: KeyRing): void {
  app.addHook('onRequest', (request, reply, done) => {
    const { authorization } = request.headers;
    if (isOpen(request) || keyOf(authorization) !== undefined) {
      done();
      return;
    }
    const challenge = authorization === undefined ? 'Bearer' : 'Bearer error="invalid_token"';
    void reply.header('www-authenticate', challenge);
    done(
      new ServiceError(
        401,
        'unauthorized',
        'The service needs an API key; send it as the header authorization: Bearer KEY.',
      ),
    );
  });
}

/**
 * The OpenAPI document is open: it says how to send a key, and holds no data. What no route matches is not: without a
 * key, nobody learns what there is.
 */
function isOpen({ routeOptions: { config, url } }: FastifyRequest): boolean {
  return config.open === true || isDocs(url);
}
