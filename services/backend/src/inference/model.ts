import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Static, TSchema } from 'typebox';
import Value from 'typebox/value';
import { DriftReference, misfits } from '../drift/reference.ts';
import { StartError } from '../errors.ts';
import { ModelManifest } from '../schemas/model.ts';
import { tokenizerFile } from './tokenizer.ts';
import type { WorkerData } from './worker.ts';

/** A checked model folder. */
export interface Model extends ModelManifest {
  /** What a worker needs to load it. */
  files: WorkerData;
  /** What ordinary traffic looks like to it. */
  drift: DriftReference;
}

const fix = 'restore the folder with git, or point MODEL_DIR at a complete one';

/**
 * Reads model.json and drift.json and checks that the folder is whole: labels that hang together, a reference of drift
 * that fits them, and weights that hash to what model.json says.
 * @throws {StartError} which names every problem with its file and the fix.
 */
export async function readModel(modelDir: string): Promise<Model> {
  const manifest = await read(join(modelDir, 'model.json'), ModelManifest);
  const driftFile = join(modelDir, 'drift.json');
  const drift = await read(driftFile, DriftReference);
  const modelFile = join(modelDir, 'model.onnx');
  const problems = [
    ...treeProblems(manifest, join(modelDir, 'model.json')),
    ...misfits(drift, manifest.labels).map((problem) => `${driftFile}: ${problem}: ${fix}.`),
    await missing(join(modelDir, tokenizerFile)),
    (await missing(modelFile)) ?? (await changed(modelFile, manifest.hash)),
  ].filter((problem) => problem !== undefined);
  if (problems.length > 0) throw new StartError(problems);

  const { emotion, sub_emotion, intensity } = manifest.labels;
  const widths = { emotion: emotion.length, sub_emotion: sub_emotion.length, intensity: intensity.length };
  const { maxTokens } = manifest;
  const { centres } = drift.cluster;
  return { ...manifest, drift, files: { modelDir, modelFile, maxTokens, widths, centres } };
}

async function read<T extends TSchema>(file: string, schema: T): Promise<Static<T>> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new StartError([`${file} cannot be read (${(error as Error).message}): ${fix}.`]);
  }
  if (Value.Check(schema, content)) return content;
  throw new StartError(
    Value.Errors(schema, content).map(
      ({ instancePath, message }) => `${file}: ${instancePath || 'the whole'} ${message}: ${fix}.`,
    ),
  );
}

/** Every emotion has sub-emotions, every sub-emotion one emotion. */
function treeProblems({ labels, tree }: ModelManifest, file: string): string[] {
  const inTree = Object.values(tree).flat();
  const sorted = (names: readonly string[]) => [...names].sort().join(', ');
  const problems: string[] = [];
  if (sorted(Object.keys(tree)) !== sorted(labels.emotion)) {
    problems.push(
      `${file}: tree has the emotions ${sorted(Object.keys(tree))}, labels ${sorted(labels.emotion)}.`,
    );
  }
  if (sorted(inTree) !== sorted(labels.sub_emotion)) {
    problems.push(
      `${file}: tree has the sub-emotions ${sorted(inTree)}, labels ${sorted(labels.sub_emotion)}.`,
    );
  }
  return problems;
}

async function missing(file: string): Promise<string | undefined> {
  try {
    await access(file);
    return undefined;
  } catch (error) {
    return `${file} cannot be read (${(error as Error).message}): ${fix}.`;
  }
}

async function changed(file: string, expected: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const found = hash.digest('hex');
  if (found === expected) return undefined;
  return `${file} hashes to ${found}, model.json says ${expected}: it is cut short or of another version; ${fix}.`;
}
