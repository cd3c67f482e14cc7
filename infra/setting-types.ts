import Type from 'typebox';

/** The kinds of settings, each with its default, and what it must be in words. */
export const port = (fallback: number) =>
  Type.Integer({
    minimum: 1,
    maximum: 65535,
    default: fallback,
    description: 'a port from 1 to 65535',
    examples: [fallback],
  });
export const duration = (fallback: string) =>
  Type.String({
    pattern: '^[1-9][0-9]*(s|m|h|d|w)$',
    default: fallback,
    description: 'a duration such as 15s, 10m, 200h or 30d',
    examples: [fallback],
  });
export const cpu = (fallback: number) =>
  Type.Number({
    minimum: 0.05,
    maximum: 256,
    default: fallback,
    description: 'a number of cores from 0.05 to 256, with at most two decimals',
    examples: [fallback],
  });
export const memory = (fallback: string) =>
  Type.String({
    pattern: '^[1-9][0-9]*(Mi|Gi)$',
    default: fallback,
    description: 'an amount of memory such as 512Mi or 2Gi',
    examples: [fallback],
  });
export const imageReference = (service: string) =>
  Type.Optional(
    Type.String({
      pattern: '^[a-z0-9][a-z0-9._/:-]*(:[A-Za-z0-9._-]+|@sha256:[0-9a-f]{64})$',
      description: `the reference of a pre-built ${service} image, with its tag or digest`,
      examples: [`registry.example.com/emotion-${service}:1.0.0`],
    }),
  );
/** From which severity on a receiver is told. */
export const severity = () =>
  Type.Enum(['warning', 'critical'], {
    default: 'warning',
    description: '"warning" (told of everything) or "critical"',
    examples: ['critical'],
  });
export const text = (pattern: string, description: string, example: string) =>
  Type.Optional(Type.String({ pattern, description, examples: [example] }));
