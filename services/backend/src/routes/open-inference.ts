import { createRequire } from 'node:module';
import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { withDeadline } from '../deadline.ts';
import { ServiceError } from '../errors.ts';
import { assertReady, type Readiness } from '../readiness.ts';
import {
  inferBody,
  InferReply,
  inputTensor,
  ModelMetadata,
  modelName,
  outputTensors,
  ServerMetadata,
} from '../schemas/open-inference.ts';
import { protocolProblems } from '../schemas/problem.ts';
import { tensorsOf, textsOf } from '../tensors.ts';

export interface OpenInferenceOptions extends Readiness {
  /** Milliseconds after which a request is given up. */
  deadline: number;
}

const tags = ['open inference protocol'];
const { version: serverVersion } = createRequire(import.meta.url)('../../package.json') as {
  version: string;
};

/** Version 2 of the Open Inference Protocol, which KServe, Triton and MLServer speak, for the classifier. */
export const openInferenceRoutes: FastifyPluginCallbackTypebox<OpenInferenceOptions> = (
  app,
  options,
  done,
) => {
  const { version } = options.classifier.model;
  void app.register(serverRoutes, options);
  // The protocol lets the server choose where a request names no version; there is one to choose.
  void app.register(modelRoutes, { ...options, prefix: `/v2/models/${modelName}` });
  void app.register(
    (versioned, _options, registered) => {
      versioned.addHook('onRequest', ({ params }, _reply, next) => {
        const asked = (params as { version: string }).version;
        next(
          asked === version
            ? undefined
            : new ServiceError(404, 'not_found', `There is no version ${asked}; there is ${version}.`),
        );
      });
      versioned.addHook('onRoute', (route) => {
        route.schema = { ...route.schema, params: versionParam(version) };
      });
      void versioned.register(modelRoutes, options);
      registered();
    },
    { prefix: `/v2/models/${modelName}/versions/:version` },
  );
  done();
};

/** The server's health and metadata. */
const serverRoutes: FastifyPluginCallbackTypebox<OpenInferenceOptions> = (app, options, done) => {
  // As /health and /ready, whose words these are in the protocol's.
  const config = { observed: false, open: true };
  app.get(
    '/v2/health/live',
    {
      config,
      schema: {
        summary: 'Is the process alive?',
        tags,
        security: [],
        response: { 200: Type.Object({ live: Type.Literal(true) }, { description: 'It is.' }) },
      },
    },
    () => ({ live: true as const }),
  );
  app.get(
    '/v2/health/ready',
    {
      config,
      schema: {
        summary: 'Is the model ready?',
        tags,
        security: [],
        response: {
          // The protocol's text says `live`, servers and clients say `ready`.
          200: Type.Object(
            { live: Type.Literal(true), ready: Type.Literal(true) },
            { description: 'It is.' },
          ),
          ...protocolProblems(503),
        },
      },
    },
    () => {
      assertReady(options);
      return { live: true as const, ready: true as const };
    },
  );
  app.get(
    '/v2',
    {
      schema: {
        summary: 'Metadata of the server',
        tags,
        response: { 200: ServerMetadata, ...protocolProblems(401, 429) },
      },
    },
    () => ({ name: 'emotion-stack', version: serverVersion, extensions: [] }),
  );
  done();
};

/** One model, below the prefix. */
const modelRoutes: FastifyPluginCallbackTypebox<OpenInferenceOptions> = (app, options, done) => {
  const { classifier, deadline } = options;
  const { model } = classifier;
  app.get(
    '/',
    {
      prefixTrailingSlash: 'no-slash',
      schema: {
        summary: 'Metadata of the model',
        description: 'Inputs and outputs. `parameters.labels` names the columns of the probabilities.',
        tags,
        response: { 200: ModelMetadata, ...protocolProblems(401, 404, 429) },
      },
    },
    () => ({
      name: modelName,
      versions: [model.version],
      platform: 'onnxruntime_onnx',
      inputs: [inputTensor],
      outputs: outputTensors(model),
    }),
  );
  app.get(
    '/ready',
    {
      config: { observed: false },
      schema: {
        summary: 'Is the model ready?',
        tags,
        response: {
          200: Type.Object(
            { name: Type.Literal(modelName), ready: Type.Literal(true) },
            { description: 'It is.' },
          ),
          ...protocolProblems(401, 404, 429, 503),
        },
      },
    },
    () => {
      assertReady(options);
      return { name: modelName, ready: true as const };
    },
  );
  app.post(
    '/infer',
    {
      schema: {
        summary: 'Classify texts',
        description:
          'Emotion, sub-emotion and intensity of each text, as tensors. The sub-emotion belongs to the emotion.',
        tags,
        body: inferBody(model),
        response: {
          200: InferReply,
          ...protocolProblems(400, 401, 404, 413, 415, 422, 429, 500, 503, 504),
        },
      },
    },
    async ({ id: requestId, body: { id, inputs, outputs = [], parameters } }, reply) => {
      const texts = inputs.flatMap(textsOf);
      const caller = { id: requestId, source: parameters?.source };
      const predictions = await withDeadline(reply, deadline, (signal) =>
        classifier.classify(texts, signal, caller),
      );
      const tensors = tensorsOf(predictions, model);
      return {
        model_name: modelName,
        model_version: model.version,
        ...(id !== undefined && { id }),
        outputs:
          outputs.length === 0
            ? tensors
            : outputs.flatMap(({ name }) => tensors.filter((tensor) => tensor.name === name)),
      };
    },
  );
  done();
};

function versionParam(version: string) {
  return Type.Object({ version: Type.String({ examples: [version] }) });
}
