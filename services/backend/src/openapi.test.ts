import type { FastifyInstance, InjectOptions } from 'fastify';
import Schema from 'typebox/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFake } from '../testing/fake.ts';

interface Media {
  schema: object;
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
}
type Content = Record<string, Media>;
interface Operation {
  parameters?: { name: string; example: string }[];
  requestBody?: { content: Content };
  responses: Record<string, { content: Content }>;
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
}

let app: FastifyInstance;
let document: Document;
beforeAll(async () => {
  app = await startFake();
  document = (await app.inject('/docs/json')).json<Document>();
});
afterAll(() => app.close());

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

const examplesOf = ({ example, examples = {} }: Media): unknown[] => [
  ...(example === undefined ? [] : [example]),
  ...Object.values(examples).map(({ value }) => value),
];

/** The one media type of a request or a response. */
function only(content: Content | undefined): [string, Media] {
  const [entry, ...others] = Object.entries(content ?? {});
  if (entry === undefined || others.length > 0) throw new Error('It has not one media type.');
  return entry;
}

function assertFits(schema: object, value: unknown, what: string): void {
  const [, errors] = Schema.Errors(schema, value);
  expect(errors, what).toEqual([]);
}

/** The requests that the document shows for an operation: its paths filled in, one per example of its body. */
function requests(
  path: string,
  method: string,
  { parameters = [], requestBody }: Operation,
): InjectOptions[] {
  const url = parameters.reduce((filled, { name, example }) => filled.replace(`{${name}}`, example), path);
  const request = { method: method.toUpperCase() as 'GET', url };
  if (requestBody === undefined) return [request];
  const [type, media] = only(requestBody.content);
  return examplesOf(media).map((example) => ({
    ...request,
    payload: JSON.stringify(example),
    headers: { 'content-type': type },
  }));
}

describe('the examples of the OpenAPI document', () => {
  it('get the answers that it describes', async () => {
    for (const { path, method, operation } of operations()) {
      const sent = requests(path, method, operation);
      expect(sent.length, `${method} ${path} shows no request`).toBeGreaterThan(0);
      for (const request of sent) {
        const response = await app.inject(request);
        const what = `${method} ${path}: ${response.body.slice(0, 200)}`;
        expect(response.statusCode, what).toBeLessThan(300);
        const [type, { schema }] = only(operation.responses[response.statusCode]?.content);
        expect(response.headers['content-type'], what).toContain(type);
        assertFits(schema, type === 'application/json' ? response.json() : response.body, what);
      }
    }
  });

  it('fit their own schemas, answers and errors too', () => {
    let checked = 0;
    for (const { path, method, operation } of operations()) {
      const described = { request: operation.requestBody, ...operation.responses };
      for (const [name, part] of Object.entries(described)) {
        for (const media of Object.values(part?.content ?? {})) {
          for (const example of examplesOf(media)) {
            assertFits(media.schema, example, `${method} ${path} ${name}`);
            checked++;
          }
        }
      }
    }
    expect(checked).toBeGreaterThan(30);
  });

  it('stand beside every request, every classification and every error', () => {
    for (const { path, method, operation } of operations()) {
      for (const [status, { content }] of Object.entries(operation.responses)) {
        if (method === 'get' && status === '200') continue;
        expect(examplesOf(only(content)[1]), `${method} ${path} ${status}`).not.toEqual([]);
      }
    }
  });

  it('would be found out', () => {
    const { schema } = only(document.paths['/v1/classify']?.post?.responses['200']?.content)[1];
    expect(() => {
      assertFits(schema, { model: { name: 'a', version: '1' }, predictions: [{}] }, 'an empty prediction');
    }).toThrow('an empty prediction');
  });
});
