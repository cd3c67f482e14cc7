import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { LogController, type FastifyBaseLogger, type FastifyServerOptions } from 'fastify';
import { guardAccess, type AccessOptions } from './access/access.ts';
import { followConnections } from './connections.ts';
import { docsPrefix } from './docs.ts';
import { keepWindow } from './drift/snapshot.ts';
import { startFeedback } from './feedback/feedback.ts';
import type { FeedbackStore } from './feedback/store.ts';
import type { Classifier } from './inference/classifier.ts';
import type { Metrics } from './metrics.ts';
import { requestObserver } from './observe.ts';
import { refuseBrokenHttp, refuseInOneShape, refuseOtherMethods, sendError } from './refuse.ts';
import { classifyRoute } from './routes/classify.ts';
import { driftRoute } from './routes/drift.ts';
import { feedbackRoutes } from './routes/feedback.ts';
import { labelsRoute } from './routes/labels.ts';
import { openInferenceRoutes } from './routes/open-inference.ts';
import { operationsRoutes } from './routes/operations.ts';
import { saveFeedbackRoute } from './routes/save-feedback.ts';

export interface AppOptions extends AccessOptions {
  /** Loads the model; told where to log. */
  startClassifier: (log: FastifyBaseLogger) => Promise<Classifier>;
  /** Opens what keeps the feedback; told where to log. */
  openFeedbackStore: (log: FastifyBaseLogger) => Promise<FeedbackStore>;
  /** Folder for what must outlive the process; without one, the drift window begins anew at every start. */
  dataDir?: string;
  metrics: Metrics;
  requestTimeoutSeconds: number;
  maxBodyBytes: number;
  /** Milliseconds from the order to stop until nothing is taken any more; none unless set. */
  lingering?: number;
  logger?: FastifyServerOptions['logger'];
}

/** Milliseconds from where no connection is taken any more, for requests that are on their way, and that arrive. */
const patience = { silent: 100, arriving: 5_000 };

/**
 * The service without its address. Closing it finishes accepted requests, then ends the workers.
 * @throws whatever opening the feedback or starting the classifier threw.
 */
export async function buildApp(options: AppOptions) {
  const { startClassifier, openFeedbackStore, metrics } = options;
  const { requestTimeoutSeconds, maxBodyBytes, lingering = 0, logger = false } = options;
  const deadline = requestTimeoutSeconds * 1000;
  let stopping = false;
  const observe = requestObserver(metrics);
  const app = Fastify({
    logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: ({ headers }) => acceptable(headers['x-request-id']) ?? randomUUID(),
    bodyLimit: maxBodyBytes,
    // Milliseconds until a request must have arrived; who sends a byte a minute holds no connection for ever.
    requestTimeout: 60_000,
    // What arrives on an open connection while the service stops is still answered.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    // A text is a text and a typo is a mistake: nothing is converted, nothing dropped.
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
    // What no route can match comes here and passes no hook.
    frameworkErrors: (error, request, reply) => {
      observe.request(request, reply);
      sendError(error, reply, request.log);
    },
    clientErrorHandler: refuseBrokenHttp,
  }).withTypeProvider<TypeBoxTypeProvider>();

  const feedbackStore = await openFeedbackStore(app.log);
  app.addHook('onClose', () => feedbackStore.close());
  const classifier = await startClassifier(app.log);
  const readiness = { classifier, stopping: () => stopping };
  const connections = followConnections(app.server);
  app.addHook('preClose', async () => {
    stopping = true;
    // `/ready` says so and every answer ends its connection: who calls learns of the stop before it happens. Node
    // would close kept connections at once, also one whose next request has arrived but is not read yet.
    await sleep(lingering);
    setTimeout(connections.endSilent, patience.silent).unref();
    setTimeout(connections.endUnasked, patience.arriving).unref();
  });
  app.addHook('onSend', (_request, reply, _payload, done) => {
    // A connection that stays open after its last answer would hold up the stop.
    if (stopping) reply.header('connection', 'close');
    done();
  });
  app.addHook('onClose', () => classifier.close());
  if (options.dataDir !== undefined) {
    const file = join(options.dataDir, 'drift-window.json');
    const saveWindow = await keepWindow({
      file,
      monitor: classifier.drift,
      model: classifier.model,
      log: app.log,
    });
    app.addHook('onClose', saveWindow);
  }

  app.removeContentTypeParser('text/plain');
  app.addHook('onRoute', observe.route);
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    observe.request(request, reply);
    done();
  });
  await guardAccess(app, options);
  refuseInOneShape(app);
  const refuseMethods = refuseOtherMethods(app);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Emotion classification',
        version: classifier.model.version,
        description: 'Emotion, sub-emotion and intensity of sentences.',
      },
      ...(options.apiKeys?.length && bearerKey),
    },
  });
  await app.register(swaggerUi, { routePrefix: docsPrefix });
  await app.register(classifyRoute, { classifier, deadline });
  await app.register(openInferenceRoutes, { ...readiness, deadline });
  await app.register(labelsRoute, { model: classifier.model });
  const feedback = await startFeedback({ store: feedbackStore, classifier, metrics });
  await app.register(driftRoute, { drift: classifier.drift, feedback });
  await app.register(feedbackRoutes, { feedback, model: classifier.model, deadline });
  await app.register(saveFeedbackRoute, { feedback, model: classifier.model, deadline });
  await app.register(operationsRoutes, { ...readiness, metrics });
  refuseMethods();
  return app;
}

/** How the OpenAPI document says that a key is needed. */
const bearerKey = {
  components: { securitySchemes: { key: { type: 'http' as const, scheme: 'bearer' } } },
  security: [{ key: [] as string[] }],
};

/** A caller's own request id, unless it could be anything but an id: it goes into the log. */
function acceptable(id: string | string[] | undefined): string | undefined {
  return typeof id === 'string' && /^[\w.-]{1,64}$/.test(id) ? id : undefined;
}
