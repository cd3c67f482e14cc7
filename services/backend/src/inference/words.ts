import { sinceUnicode8 } from './unicode-8.ts';

/** Plain letters and digits, which need no table: nearly every text. */
const plain = /^[a-z0-9 ]*$/;

/** As classes stood in Unicode 8; the few that are named moved since. */
const older = `(?![${sinceUnicode8}])`;
const dropped = new RegExp(String.raw`[\0\ufffd]|(?![\t\n\r])${older}[\p{Cc}\p{Cf}\p{Co}\p{Cs}]`, 'gu');
const accents = new RegExp(String.raw`${older}\p{Mn}|[\u1734\u{1171e}]`, 'gu');
/** All of ASCII that is neither letter nor digit, and Unicode's punctuation. */
const mark = String.raw`[!-/:-@[-\x60{-~\u166d\u{111c9}]|${older}\p{P}`;
const wordOrMark = new RegExp(String.raw`${mark}|(?:(?!${mark})\S)+`, 'gu');
const whiteSpace = /\p{White_Space}/gu;
/** Han characters are words by themselves: the ranges of BERT's own code, a gap included. */
const han =
  /[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{2a6df}\u{2a700}-\u{2b81f}\u{2b920}-\u{2ceaf}\u{2f800}-\u{2fa1f}]/gu;
const upperCase = /[^\p{Ll}\s]/gu;

/**
 * The words and punctuation marks of a text as BERT's uncased models read them, each in lower case without accents.
 * Source: BertNormalizer and BertPreTokenizer of Hugging Face's tokenizers.
 */
export function words(text: string): string[] {
  if (plain.test(text)) return text.split(' ').filter((word) => word !== '');
  const clean = text
    .replace(dropped, '')
    .replace(whiteSpace, ' ')
    .replace(han, ' $& ')
    .normalize('NFD')
    .replace(accents, '')
    // One by one: in a whole word JavaScript gives a final sigma its own small letter.
    .replace(upperCase, (character) => character.toLowerCase());
  return clean.match(wordOrMark) ?? [];
}
