import { Type } from 'typebox';

/** The one shape of every answer from 400 up. */
export const Problem = Type.Object(
  {
    code: Type.String({ description: 'What went wrong, for programs.' }),
    message: Type.String({ description: 'What went wrong and what helps, for people.' }),
    field: Type.Optional(Type.String({ description: 'The wrong value in the request body.' })),
  },
  { description: 'An error.' },
);

/** The same below /v2, whose protocol has the message under `error` and leaves room for more. */
const ProtocolProblem = Type.Object(
  {
    error: Type.String({ description: "The message, under the protocol's name." }),
    ...Problem.properties,
  },
  { description: 'An error.' },
);

const retryAfter = {
  'retry-after': Type.Integer({ minimum: 1, description: 'Seconds after which to try again.' }),
};

const described = {
  400: ['The request is broken.', { code: 'invalid_json', message: 'Body is not valid JSON.' }],
  401: [
    'The API key is missing or wrong.',
    {
      code: 'unauthorized',
      message: 'The service needs an API key; send it as the header authorization: Bearer KEY.',
    },
  ],
  404: [
    'There is no such thing.',
    { code: 'not_found', message: 'There is no /v1/clasify; /docs lists what there is.' },
  ],
  409: [
    'A key was used before for other content.',
    { code: 'key_reused', message: 'items/0/key was used before for other content.', field: 'items/0/key' },
  ],
  413: ['The body is too large.', { code: 'body_too_large', message: 'Request body is too large' }],
  415: [
    'The body is not JSON.',
    { code: 'unsupported_media_type', message: 'Unsupported Media Type: text/plain' },
  ],
  422: [
    'The body holds a wrong value.',
    {
      code: 'invalid_input',
      message: 'inputs/3 is empty: give at least one character that is not white space.',
      field: 'inputs/3',
    },
  ],
  429: [
    'The queue is full, or the caller sends more requests than it may.',
    { code: 'queue_full', message: 'Too many sentences are waiting; try again a little later.' },
  ],
  500: [
    'The service failed.',
    { code: 'internal_error', message: 'The service failed; its log has the cause.' },
  ],
  503: ['Not ready.', { code: 'not_ready', message: 'No inference worker answers.' }],
  504: [
    'The deadline passed.',
    { code: 'deadline_exceeded', message: 'No answer within the time that a request may take.' },
  ],
} as const;

type Status = keyof typeof described;

/** Response schemas for these statuses, each with an example. */
export function problems<S extends Status>(...statuses: S[]) {
  return responses(statuses, Problem, (example) => example);
}

/** The same for routes of the Open Inference Protocol. */
export function protocolProblems<S extends Status>(...statuses: S[]) {
  return responses(statuses, ProtocolProblem, (example) => ({ error: example.message, ...example }));
}

function responses<S extends Status, P>(
  statuses: S[],
  schema: P,
  shown: (example: (typeof described)[Status][1]) => object,
) {
  const entries = statuses.map((status) => {
    const [description, example] = described[status];
    const headers = status === 429 || status === 503 ? { headers: retryAfter } : {};
    return [
      status,
      {
        description,
        ...headers,
        content: { 'application/json': { schema, example: shown(example) } },
      },
    ];
  });
  return Object.fromEntries(entries) as Record<S, { content: { 'application/json': { schema: P } } }>;
}
