import { Type } from 'typebox';

const Share = Type.Number({ minimum: 0, maximum: 1 });
const Psi = Type.Number({ minimum: 0, description: 'Population stability index: 0 is no shift.' });

const Feature = Type.Object({
  psi: Psi,
  bins: Type.Array(
    Type.Object({
      bin: Type.String({ description: 'A label, a range, or the number of a cluster.' }),
      reference: Share,
      window: Share,
      contribution: Type.Number({ description: 'What this bin adds to the PSI.' }),
    }),
  ),
  examples: Type.Array(Type.String(), {
    description: 'Request id and place of the newest sentences in the bin that grew most, newest first.',
  }),
});

const Prediction = Type.Object({
  score: Psi,
  features: Type.Object({ label: Feature, confidence: Feature }),
});

const Accuracy = Type.Number({ minimum: 0, maximum: 1 });
const Loss = Type.Object({
  expected: Type.Number({ description: 'Mean confidence: the accuracy that the model promises.' }),
  observed: Accuracy,
  standardError: Type.Number({ description: 'Of their difference.' }),
  lost: Type.Number({ description: 'max(0, expected - observed - 1.64 standard errors)' }),
  examples: Type.Array(Type.String(), {
    description: 'Ids of feedback on its surest mistakes, surest first.',
  }),
});

export const driftReply = Type.Object(
  {
    ready: Type.Boolean({ description: 'Whether the window holds enough sentences of enough sources.' }),
    threshold: Type.Number({ description: 'Above it the alert ModelDriftDetected fires.' }),
    window: Type.Object({
      sentences: Type.Integer(),
      of: Type.Integer(),
      sources: Type.Integer(),
      minimumSources: Type.Integer(),
    }),
    reference: Type.Object({ sentences: Type.Integer() }),
    data: Type.Object({
      score: Psi,
      features: Type.Object({ token_count: Feature, unknown_rate: Feature, cluster: Feature }),
    }),
    prediction: Type.Object({ emotion: Prediction, sub_emotion: Prediction, intensity: Prediction }),
    concept: Type.Object(
      {
        ready: Type.Boolean(),
        score: Accuracy,
        window: Type.Object({ rows: Type.Integer(), of: Type.Integer(), minimum: Type.Integer() }),
        tasks: Type.Optional(Type.Object({ emotion: Loss, sub_emotion: Loss, intensity: Loss })),
      },
      { description: 'Accuracy lost on labelled feedback; `tasks` from the minimum of rows on.' },
    ),
  },
  { description: 'Every score and what it is made of.' },
);
