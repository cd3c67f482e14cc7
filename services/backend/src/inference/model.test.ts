import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DriftReference } from '../drift/reference.ts';
import { loadEnv } from '../env.ts';
import { StartError } from '../errors.ts';
import type { ModelManifest } from '../schemas/model.ts';
import { readModel } from './model.ts';

const { modelDir } = loadEnv(process.env);
let parent: string;
let folder: string;
beforeAll(() => {
  parent = mkdtempSync(join(tmpdir(), 'model-'));
});
afterAll(() => {
  rmSync(parent, { recursive: true });
});
beforeEach(() => {
  folder = mkdtempSync(join(parent, 'copy-'));
  cpSync(modelDir, folder, { recursive: true });
});

describe('the model folder', () => {
  it('is whole as it ships', async () => {
    const model = await readModel(modelDir);
    expect(model.labels.emotion).toHaveLength(7);
    expect(model.labels.sub_emotion).toHaveLength(28);
    expect(model.labels.intensity).toEqual(['mild', 'moderate', 'strong']);
    expect(model.files.widths).toEqual({ emotion: 7, sub_emotion: 28, intensity: 3 });
  });

  it.each(['model.json', 'model.onnx', 'tokenizer.json', 'drift.json'])('needs %s', async (name) => {
    unlinkSync(join(folder, name));
    await expect(readModel(folder)).rejects.toThrow(new RegExp(`${name} cannot be read .*MODEL_DIR`));
  });

  it('notices weights that are cut short', async () => {
    truncateSync(join(folder, 'model.onnx'), 1_000_000);
    await expect(readModel(folder)).rejects.toThrow(/model\.onnx hashes to .* cut short/);
  });

  it('names what is wrong in model.json', async () => {
    edit((manifest) => ({ ...manifest, maxTokens: '128', hash: undefined }));
    const failure = readModel(folder);
    await expect(failure).rejects.toThrow(StartError);
    await expect(failure).rejects.toThrow(/model\.json: \/maxTokens must be integer/);
    await expect(failure).rejects.toThrow(/hash/);
  });

  it('notices labels that do not hang together', async () => {
    edit((manifest) => ({ ...manifest, tree: { ...manifest.tree, neutral: ['anger'], joy: ['joy'] } }));
    const failure = readModel(folder);
    await expect(failure).rejects.toThrow(/tree has the emotions .*joy/);
    await expect(failure).rejects.toThrow(/tree has the sub-emotions .*anger, anger/);
  });
});

describe('the reference of drift', () => {
  it('is whole as it ships', async () => {
    const { drift, files } = await readModel(modelDir);
    expect(drift.cluster.centres).toHaveLength(16);
    expect(files.centres).toBe(drift.cluster.centres);
  });

  it('has the shape that training gives it', async () => {
    editDrift((drift) => ({ ...drift, rows: 0, unknownRate: undefined }));
    const failure = readModel(folder);
    await expect(failure).rejects.toThrow(StartError);
    await expect(failure).rejects.toThrow(/drift\.json: \/rows must be >= 1/);
    await expect(failure).rejects.toThrow(/unknownRate/);
  });

  it.each<[string, string, (drift: DriftReference) => object]>([
    [
      'labels',
      '/labels/intensity has 2 counts and needs 3',
      ({ labels }) => ({ labels: { ...labels, intensity: [1, 2] } }),
    ],
    [
      'centres',
      '/cluster has 16 counts and needs 15',
      ({ cluster }) => ({ cluster: { ...cluster, centres: cluster.centres.slice(1) } }),
    ],
    [
      'centres',
      '/cluster has centres of unequal length',
      ({ cluster }) => ({ cluster: { ...cluster, centres: [[1], ...cluster.centres.slice(1)] } }),
    ],
    [
      'edges',
      '/tokenCount has 4 counts and needs 3',
      ({ tokenCount }) => ({ tokenCount: { ...tokenCount, edges: [7, 10] } }),
    ],
    [
      'edges',
      '/confidence/emotion has 10 counts and needs 2',
      ({ confidence }) => ({
        confidence: { ...confidence, emotion: { ...confidence.emotion, edges: [0.5] } },
      }),
    ],
    [
      'edges',
      '/tokenCount has edges that do not ascend',
      ({ tokenCount }) => ({ tokenCount: { ...tokenCount, edges: [7, 7, 13] } }),
    ],
  ])('fits its %s: %s', async (_what, words, change) => {
    editDrift((drift) => ({ ...drift, ...change(drift) }));
    await expect(readModel(folder)).rejects.toThrow(
      `${join(folder, 'drift.json')}: ${words}: restore the folder`,
    );
  });
});

function edit(change: (manifest: ModelManifest) => object) {
  rewrite('model.json', change);
}

function editDrift(change: (drift: DriftReference) => object) {
  rewrite('drift.json', change);
}

function rewrite(name: string, change: (content: never) => object) {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(change(JSON.parse(readFileSync(file, 'utf8')) as never)));
}
