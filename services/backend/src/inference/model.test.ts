import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
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

  it.each(['model.json', 'model.onnx', 'tokenizer.json'])('needs %s', async (name) => {
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

function edit(change: (manifest: ModelManifest) => object) {
  const file = join(folder, 'model.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as ModelManifest;
  writeFileSync(file, JSON.stringify(change(manifest)));
}
