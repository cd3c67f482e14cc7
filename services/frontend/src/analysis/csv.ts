import type { Prediction } from '../service/client.ts';
import type { Sentence } from '../transcript/parse.ts';

const columns = [
  'start_time',
  'end_time',
  'sentence',
  'emotion',
  'sub_emotion',
  'intensity',
  'emotion_confidence',
  'sub_emotion_confidence',
  'intensity_confidence',
];

/**
 * One row per sentence (RFC 4180, in UTF-8 with a byte order mark, which spreadsheets need to see). Times are in
 * seconds; a field without a value, and the labels of a sentence that was not analysed, stay empty.
 */
export function toCsv(sentences: readonly Sentence[], predictions: readonly Prediction[]): string {
  const rows = sentences.map(({ start, end, text }, index) => {
    const prediction = predictions[index];
    return [
      start,
      end,
      withoutFormula(text),
      prediction?.emotion.label,
      prediction?.sub_emotion.label,
      prediction?.intensity.label,
      prediction?.emotion.confidence,
      prediction?.sub_emotion.confidence,
      prediction?.intensity.confidence,
    ].map(toField);
  });
  return `\uFEFF${[columns, ...rows].map((row) => row.join(',')).join('\r\n')}\r\n`;
}

/** A spreadsheet would run a sentence that begins like a formula; the apostrophe makes it text. */
function withoutFormula(text: string) {
  return /^[=+\-@]/.test(text) ? `'${text}` : text;
}

function toField(value: string | number | undefined) {
  const text = String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
