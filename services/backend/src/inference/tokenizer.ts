import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { wordPieces } from './word-pieces.ts';
import { words } from './words.ts';

/** The file of a model folder that the tokenizer is made of: a BERT model's, in Hugging Face's format. */
export const tokenizerFile = 'tokenizer.json';

interface Definition {
  added_tokens: { id: number; content: string }[];
  model: { vocab: Record<string, number>; unk_token: string; max_input_chars_per_word: number };
}

export interface Tokenizer {
  /**
   * The ids of a text between its start and end marks, at most `maxTokens`: what is too long is cut before the end
   * mark, as in training.
   */
  tokenize: (text: string) => number[];
  /** Id that stands for a word with an unknown piece. */
  unknown: number;
}

/**
 * BERT's uncased tokenizer. Ours, because the tokens must be those of training, whose tokenizer is Hugging Face's in
 * Rust: its JavaScript twin differs on a final sigma and on characters beyond the first plane.
 * @throws {Error} where the file cannot be read or lacks a mark.
 */
export async function loadTokenizer(modelDir: string, maxTokens: number): Promise<Tokenizer> {
  const file = join(modelDir, tokenizerFile);
  const { added_tokens, model } = JSON.parse(await readFile(file, 'utf8')) as Definition;
  const special = new Map(added_tokens.map(({ id, content }) => [content, id]));
  const mark = (content: string): number => {
    const id = special.get(content);
    if (id === undefined)
      throw new Error(`${file} has no token ${content}: use the one of the same training run.`);
    return id;
  };
  const start = mark('[CLS]');
  const end = mark('[SEP]');
  const vocabulary = new Map(Object.entries(model.vocab));
  const unknown = mark(model.unk_token);
  const pieces = wordPieces(vocabulary, unknown, model.max_input_chars_per_word);
  // A mark that stands in a text is that mark, as in training.
  const marks = new RegExp(
    `(${[...special.keys()].map((content) => content.replace(/\W/g, '\\$&')).join('|')})`,
  );

  const tokenize = (text: string): number[] => {
    const ids = [start];
    for (const part of text.split(marks)) {
      const id = special.get(part);
      if (id !== undefined) ids.push(id);
      else for (const word of words(part)) ids.push(...pieces(word));
    }
    if (ids.length >= maxTokens) ids.length = maxTokens - 1;
    ids.push(end);
    return ids;
  };
  return { tokenize, unknown };
}
