import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';

/** The package's own types import each other without extensions, which this project's module resolution refuses. */
const HuggingFaceTokenizer = Tokenizer as unknown as new (
  definition: object,
  config: object,
) => { encode: (text: string) => { ids: number[] } };

/** The files of a model folder that the tokenizer is made of. */
export const tokenizerFiles = ['tokenizer.json', 'tokenizer_config.json'] as const;

/**
 * Loads the tokenizer of a model folder.
 * @returns the ids of a text with its start and end marks, at most `maxTokens`: what is too long is cut before the
 * end mark, as in training.
 */
export async function loadTokenizer(modelDir: string, maxTokens: number) {
  const [definition, config] = await Promise.all(
    tokenizerFiles.map(async (file) => JSON.parse(await readFile(join(modelDir, file), 'utf8')) as object),
  );
  const tokenizer = new HuggingFaceTokenizer(definition ?? {}, config ?? {});
  return (text: string): number[] => {
    const { ids } = tokenizer.encode(text);
    const end = ids.at(-1);
    return ids.length <= maxTokens || end === undefined ? ids : [...ids.slice(0, maxTokens - 1), end];
  };
}
