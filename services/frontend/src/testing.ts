import type { Classification, Prediction } from './service/client.ts';

const subEmotions: Record<string, string> = { happiness: 'joy', anger: 'annoyance' };

/** A prediction for tests, with scores that add up. */
export function prediction(emotion: string, confidence: number): Prediction {
  const scored = (label: string, probability: number, other: string) => ({
    label,
    confidence: probability,
    scores: { [label]: probability, [other]: 1 - probability },
  });
  return {
    emotion: scored(emotion, confidence, emotion === 'sadness' ? 'fear' : 'sadness'),
    sub_emotion: scored(subEmotions[emotion] ?? emotion, 0.8, 'realization'),
    intensity: scored('moderate', 0.7, 'mild'),
  };
}

/** What the service answers to `inputs`: happiness for "happy", anger for "angry", else an uncertain neutral. */
export function answer(inputs: readonly string[]): Classification {
  return {
    model: { name: 'test-model', version: '1.2.3' },
    predictions: inputs.map((text) => {
      if (text.includes('happy')) return prediction('happiness', 0.9);
      return text.includes('angry') ? prediction('anger', 0.8) : prediction('neutral', 0.4);
    }),
  };
}

/** A Response as fetch gives it. */
export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers });
}
