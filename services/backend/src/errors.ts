import type { FastifyError, FastifySchemaValidationError } from 'fastify';

/** Why the service cannot start: one line per problem, each with name, value and fix. */
export class StartError extends Error {
  constructor(problems: readonly string[]) {
    super(`The backend cannot start:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'StartError';
  }
}

/** An answer from 400 up, in the words and with the status that the caller gets. */
export class ServiceError extends Error {
  readonly status: number;
  readonly code: string;
  /** Path of the wrong value in the request body, such as inputs/3. */
  readonly field: string | undefined;
  /** Seconds after which the same request may succeed. */
  readonly retryAfter: number | undefined;

  constructor(
    status: number,
    code: string,
    message: string,
    { field, retryAfter, cause }: { field?: string; retryAfter?: number; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.name = 'ServiceError';
    this.status = status;
    this.code = code;
    this.field = field;
    this.retryAfter = retryAfter;
  }
}

/** Codes of Fastify's own errors, and ours for them. */
const frameworkCodes: Record<string, string> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_INVALID_JSON_BODY: 'invalid_json',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'invalid_json',
};

/** Turns whatever a handler or the framework threw into an answer. What nobody foresaw is a 500 without details. */
export function toServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  const { code, statusCode = 500, message, validation } = error as FastifyError;
  if (validation !== undefined) return invalidInput(validation);
  if (statusCode >= 400 && statusCode < 500) {
    return new ServiceError(statusCode, frameworkCodes[code] ?? 'bad_request', message);
  }
  return new ServiceError(500, 'internal_error', 'The service failed; its log has the cause.', {
    cause: error,
  });
}

/** Speaks of the one violation that helps most: a union reports the branches that nobody meant as well. */
function invalidInput(violations: readonly FastifySchemaValidationError[]): ServiceError {
  const rank = ({ keyword, instancePath }: FastifySchemaValidationError) =>
    2 * instancePath.split('/').length + (['type', 'anyOf'].includes(keyword) ? 0 : 1);
  const worst = [...violations].sort((a, b) => rank(b) - rank(a))[0];
  const field = fieldOf(worst);
  const types = violations
    .filter(({ keyword, instancePath }) => keyword === 'type' && instancePath === worst?.instancePath)
    .map(({ params }) => params.type);
  const message = `${field ?? 'The body'} ${explain(worst, types.join(' or '))}.`;
  return new ServiceError(422, 'invalid_input', message, { ...(field !== undefined && { field }) });
}

function fieldOf(violation?: FastifySchemaValidationError): string | undefined {
  const { missingProperty, additionalProperty } = violation?.params ?? {};
  const path = [violation?.instancePath.slice(1), missingProperty ?? additionalProperty];
  return path.filter((part) => typeof part === 'string' && part !== '').join('/') || undefined;
}

function explain(violation: FastifySchemaValidationError | undefined, types: string): string {
  const limit = String(violation?.params.limit);
  switch (violation?.keyword) {
    case 'type':
      return `must be ${types}`;
    case 'const':
      return `must be ${JSON.stringify(violation.params.allowedValue)}`;
    case 'required':
      return 'is missing';
    case 'additionalProperties':
      return 'is not known here';
    case 'minLength':
    case 'pattern':
      return 'is empty: give at least one character that is not white space';
    case 'maxLength':
      return `is too long: give at most ${limit} characters`;
    case 'enum':
      return `is not known: give one of ${(violation.params.allowedValues as string[]).join(', ')}`;
    case 'minItems':
      return `is too short a list: give at least ${limit}`;
    case 'maxItems':
      return `is too long a list: give at most ${limit}`;
    default:
      return violation?.message ?? 'is not what this route takes';
  }
}
