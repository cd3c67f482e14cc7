import httpProxy from '@fastify/http-proxy';
import type { FastifyInstance } from 'fastify';
import type { Env } from './env.ts';

/** Milliseconds. A slow answer is the backend's to report; these only end a wait that nobody is working on. */
const connectTimeout = 5_000;
const headersTimeout = 60_000;

const unreachable = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** Sends /v1/* to the backend as it is, with the API key where one is set; streams pass through unbuffered. */
export async function proxyToBackend(app: FastifyInstance, env: Env) {
  await app.register(httpProxy, {
    upstream: env.backendUrl,
    prefix: '/v1',
    rewritePrefix: '/v1',
    undici: { connect: { timeout: connectTimeout }, headersTimeout },
    // The page retries, and says so; a hidden second wait would only look slow.
    retryMethods: [],
    // The server logs each request already; failures are still logged.
    disableRequestLogging: true,
    preHandler: (request, reply, done) => {
      // This server adds the key to whatever it passes on, so another site's page must not be able to use it.
      if (request.headers['sec-fetch-site'] === 'cross-site') {
        void reply.code(403).send({
          code: 'cross_site_request',
          message: 'Requests from other sites are refused. Call the backend itself, with a key of your own.',
        });
        return;
      }
      done();
    },
    replyOptions: {
      rewriteRequestHeaders: (_request, headers) => ({
        ...headers,
        ...(env.backendApiKey !== undefined && { authorization: `Bearer ${env.backendApiKey}` }),
      }),
      onError: (reply, { error }) => {
        const { status, code, message } = describeFailure(error, env.backendUrl);
        void reply.code(status).send({ code, message });
      },
    },
  });
}

function describeFailure(error: Error, backendUrl: string) {
  const cause = error.cause as NodeJS.ErrnoException | undefined;
  const reason = cause?.code ?? '';
  if (unreachable.has(reason) || reason === 'UND_ERR_CONNECT_TIMEOUT') {
    return {
      status: 503,
      code: 'backend_unreachable',
      message: `The backend at ${backendUrl} does not answer (${reason}). See whether it runs: ./stack status`,
    };
  }
  if ('statusCode' in error && error.statusCode === 504) {
    return {
      status: 504,
      code: 'backend_timeout',
      message: `The backend took longer than ${headersTimeout / 1000} s to answer. Send fewer sentences at once.`,
    };
  }
  return {
    status: 502,
    code: 'backend_failed',
    message: `The backend at ${backendUrl} broke off while answering. Its log says why: ./stack logs backend`,
  };
}
