import type { LabelSpace, Prediction } from '../inference/decode.ts';
import { tasks, type Task } from '../inference/tasks.ts';
import type { Traits } from '../inference/traits.ts';
import type { Metrics } from '../metrics.ts';
import { binOf, contributions, psi, shares, type Counts } from './psi.ts';
import type { DriftReference } from './reference.ts';
import { DriftWindow, type Observation } from './window.ts';

/** Sentences until drift is judged: with fewer, chance alone moves the PSI of 28 labels past the threshold. */
const windowSize = 1000;
/** Sentences of one source are alike; fewer sources than this say more of themselves than of drift. */
const minimumSources = 10;
/** Where the alert ModelDriftDetected stands. */
const threshold = 0.1;
/** Sentences named per feature. */
const maxExamples = 5;

const dataFeatures = ['token_count', 'unknown_rate', 'cluster'] as const;
const aspects = ['label', 'confidence'] as const;
type Aspect = (typeof aspects)[number];
type Feature = (typeof dataFeatures)[number] | `${Task}_${Aspect}`;

/** A feature's bins by name, and how many sentences of the reference each holds. */
interface Bins {
  names: readonly string[];
  counts: Counts;
}

/** A sentence that a caller got a prediction for. */
export interface Served {
  /** The id of its request, and its place there. */
  id: string;
  /** What it is part of, a video for example. */
  source: string;
  text: string;
}

/** One property of the sentences: how its bins are filled now and were in the reference. */
export interface FeatureReport {
  psi: number;
  bins: { bin: string; reference: number; window: number; contribution: number }[];
  /** Ids of the newest sentences in the bin that grew most. */
  examples: string[];
}

type DriftMetrics = Pick<
  Metrics,
  'data_drift_score' | 'prediction_drift_score' | 'drift_feature_psi' | 'drift_ready' | 'drift_window_size'
>;

/** Compares the newest sentences with those of training: the inputs, and what is predicted of them. */
export class DriftMonitor {
  private readonly reference: DriftReference;
  private readonly metrics: DriftMetrics;
  private readonly window: DriftWindow;
  private readonly features: Readonly<Record<Feature, Bins>>;
  private readonly labels: LabelSpace['labels'];
  /** Sentences taken in since the start. */
  observed = 0;

  constructor(reference: DriftReference, { labels }: Pick<LabelSpace, 'labels'>, metrics: DriftMetrics) {
    this.reference = reference;
    this.metrics = metrics;
    this.labels = labels;
    const predictions = tasks.flatMap((task): [Feature, Bins][] => [
      [feature(task, 'label'), { names: labels[task], counts: reference.labels[task] }],
      [feature(task, 'confidence'), ranges(reference.confidence[task])],
    ]);
    const { centres, counts } = reference.cluster;
    this.features = {
      token_count: ranges(reference.tokenCount),
      unknown_rate: ranges(reference.unknownRate),
      cluster: { names: centres.map((_, index) => String(index)), counts },
      ...(Object.fromEntries(predictions) as Record<`${Task}_${Aspect}`, Bins>),
    };
    const sizes = Object.entries(this.features).map(
      ([name, { counts: bins }]) => [name, bins.length] as const,
    );
    this.window = new DriftWindow(windowSize, Object.fromEntries(sizes));
  }

  /** Whether the window says enough to be judged. */
  get ready(): boolean {
    return this.window.full && this.window.sourceCount >= minimumSources;
  }

  /**
   * Takes a sentence into the window, unless it repeats the one before it of its source: a stuck transcription says one
   * word a hundred times, and that is no news of what is spoken. The reference leaves repeats out too.
   */
  observe({ id, source, text }: Served, traits: Traits, prediction: Prediction): void {
    if (this.window.repeats(source, text)) return;
    const bins: Partial<Record<Feature, number>> = {
      token_count: binOf(traits.tokens, this.reference.tokenCount.edges),
      unknown_rate: binOf(traits.unknown, this.reference.unknownRate.edges),
      cluster: traits.cluster,
    };
    for (const task of tasks) {
      const { label, confidence } = prediction[task];
      bins[feature(task, 'label')] = this.labels[task].indexOf(label);
      bins[feature(task, 'confidence')] = binOf(confidence, this.reference.confidence[task].edges);
    }
    this.window.add({ id, source, bins }, text);
    this.observed += 1;
  }

  /** Brings the gauges up to date; scores are 0 until the window is ready. */
  publish(): void {
    const { ready } = this;
    const score = this.scorer();
    for (const name of dataFeatures) this.metrics.drift_feature_psi.set({ feature: name }, score(name));
    this.metrics.data_drift_score.set(Math.max(...dataFeatures.map(score)));
    for (const task of tasks)
      this.metrics.prediction_drift_score.set({ task }, this.predictionScore(task, score));
    for (const type of ['data', 'prediction']) {
      this.metrics.drift_ready.set({ type }, ready ? 1 : 0);
      this.metrics.drift_window_size.set({ type }, this.window.size);
    }
  }

  /** Where every figure comes from. The PSI of a window that is not ready is shown, and counts for nothing. */
  report() {
    const score = this.scorer();
    const prediction = (task: Task) => ({
      score: this.predictionScore(task, score),
      features: {
        label: this.explain(feature(task, 'label')),
        confidence: this.explain(feature(task, 'confidence')),
      },
    });
    return {
      ready: this.ready,
      threshold,
      window: {
        sentences: this.window.size,
        of: windowSize,
        sources: this.window.sourceCount,
        minimumSources,
      },
      reference: { sentences: this.reference.rows },
      data: {
        score: Math.max(...dataFeatures.map(score)),
        features: {
          token_count: this.explain('token_count'),
          unknown_rate: this.explain('unknown_rate'),
          cluster: this.explain('cluster'),
        },
      },
      prediction: {
        emotion: prediction('emotion'),
        sub_emotion: prediction('sub_emotion'),
        intensity: prediction('intensity'),
      },
    };
  }

  /** The window, oldest sentence first, to be kept over a restart. */
  observations(): Observation[] {
    return this.window.observations();
  }

  /** Fills the window with what `observations` gave before. */
  restore(observations: readonly Observation[]): void {
    for (const observation of observations) this.window.add(observation);
  }

  /** The PSI of a feature, or 0 while the window is not ready. */
  private scorer(): (name: Feature) => number {
    const { ready } = this;
    return (name) => (ready ? this.psiOf(name) : 0);
  }

  private predictionScore(task: Task, score: (name: Feature) => number): number {
    return Math.max(...aspects.map((aspect) => score(feature(task, aspect))));
  }

  private psiOf(name: Feature): number {
    return psi(this.window.counts(name), this.features[name].counts);
  }

  private explain(name: Feature): FeatureReport {
    const { names, counts } = this.features[name];
    const found = this.window.counts(name);
    const [before, now, moved] = [shares(counts), shares(found), contributions(found, counts)];
    const growth = moved.map((by, bin) => ((now[bin] ?? 0) > (before[bin] ?? 0) ? by : 0));
    const grown = growth.indexOf(Math.max(...growth));
    const examples = this.window
      .observations()
      .filter(({ bins }) => bins[name] === grown)
      .slice(-maxExamples);
    return {
      psi: this.psiOf(name),
      bins: names.map((bin, index) => ({
        bin,
        reference: before[index] ?? 0,
        window: now[index] ?? 0,
        contribution: moved[index] ?? 0,
      })),
      examples: examples.map(({ id }) => id).reverse(),
    };
  }
}

function feature(task: Task, aspect: Aspect) {
  return `${task}_${aspect}` as const;
}

function ranges({ edges, counts }: { edges: readonly number[]; counts: Counts }): Bins {
  const names = [...edges.map((edge) => `<= ${edge}`), `> ${edges.at(-1) ?? 0}`];
  return { names, counts };
}
