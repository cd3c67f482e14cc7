import { parseStampedLines, parseSubtitles, type Utterance } from './subtitles.ts';

/** What one request carries at most, per text (see POST /v1/classify), in UTF-16 units. */
const maxSentenceLength = 5_000;

/** Captions without full stops must not become one sentence: from here on, the next caption starts a new one. */
const maxJoinedLength = 300;

/** Seconds of silence after which a caption no longer belongs to the sentence before it. */
const maxGap = 2;

export interface Sentence {
  text: string;
  /** Seconds from the beginning; absent where the text carried no time. */
  start?: number;
  end?: number;
}

export type TranscriptFormat = 'text' | 'srt' | 'vtt' | 'timestamps';

export interface Transcript {
  format: TranscriptFormat;
  sentences: Sentence[];
}

/**
 * Recognises SRT, WebVTT, lines that begin with a time ("0:42 and then"), or plain text, and cuts it into
 * sentences. A sentence that spans captions starts with its first and ends with its last; two sentences of one
 * caption share its times. Pieces without a letter, digit or emoji are left out.
 * @param locale BCP 47 tag for the sentence rules; the browser's own where absent.
 */
export function parseTranscript(input: string, locale?: string): Transcript {
  const lines = input.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  const { format, utterances } = parseSubtitles(lines) ??
    parseStampedLines(lines) ?? { format: 'text' as const, utterances: parseParagraphs(lines) };
  const sentences = joinUtterances(utterances).flatMap((block) => cutBlock(block, locale));
  return { format, sentences };
}

/** Lines that continue the one before (hard-wrapped text) are joined; every other line stands for itself. */
function parseParagraphs(lines: readonly string[]): Utterance[] {
  const paragraphs: Utterance[] = [];
  let open = false;
  for (const line of lines.map((each) => each.trim())) {
    const last = paragraphs.at(-1);
    if (open && last && /^\p{Ll}/u.test(line) && !endsSentence(last.text)) last.text += ` ${line}`;
    else if (line !== '') paragraphs.push({ text: line, opens: true });
    open = line !== '';
  }
  return paragraphs;
}

/** Consecutive utterances that may hold parts of one sentence. */
function joinUtterances(utterances: readonly Utterance[]): Utterance[][] {
  const blocks: Utterance[][] = [];
  let length = 0;
  for (const utterance of utterances) {
    const previous = blocks.at(-1)?.at(-1);
    const continues =
      previous !== undefined &&
      !utterance.opens &&
      !endsSentence(previous.text) &&
      (utterance.start ?? 0) - (previous.end ?? utterance.start ?? 0) < maxGap &&
      length + utterance.text.length < maxJoinedLength;
    if (continues) blocks.at(-1)?.push(utterance);
    else blocks.push([utterance]);
    length = (continues ? length : 0) + utterance.text.length;
  }
  return blocks;
}

function cutBlock(block: readonly Utterance[], locale: string | undefined): Sentence[] {
  const text = block.map((utterance) => utterance.text).join(' ');
  // Where each utterance ends within the text, its following space included.
  const ends: number[] = [];
  for (const utterance of block) ends.push((ends.at(-1) ?? 0) + utterance.text.length + 1);
  const utteranceAt = (offset: number) => block[ends.findIndex((end) => offset < end)];

  return sentenceRanges(text, locale).flatMap(([from, to]) => {
    const start = utteranceAt(from)?.start;
    const end = utteranceAt(to - 1)?.end;
    return cutLength(text.slice(from, to)).map((piece) => ({
      text: piece,
      ...(start !== undefined && { start }),
      ...(end !== undefined && { end }),
    }));
  });
}

/** Segmenters built once: making one costs more than a page of text takes to cut. */
const segmenters = new Map<string | undefined, Intl.Segmenter>();

/** Offsets [from, to) of each sentence, surrounding white space left out. */
function sentenceRanges(text: string, locale: string | undefined): [number, number][] {
  const segmenter = segmenters.get(locale) ?? new Intl.Segmenter(locale, { granularity: 'sentence' });
  segmenters.set(locale, segmenter);

  const ranges: [number, number][] = [];
  let from = 0;
  for (const { segment, index } of segmenter.segment(text)) {
    const to = index + segment.length;
    if (endsWithAbbreviation(text.slice(from, to)) && to < text.length) continue;
    const sentence = text.slice(from, to);
    if (/[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(sentence)) {
      const lead = sentence.length - sentence.trimStart().length;
      ranges.push([from + lead, from + sentence.trimEnd().length]);
    }
    from = to;
  }
  return ranges;
}

/** Intl.Segmenter knows no abbreviations: after "Mr." it would start a new sentence. */
function endsWithAbbreviation(text: string) {
  return /(?:^|[\s("'“‘])(?:Mrs?|Ms|Mx|Dr|Prof|St|Gen|Capt|Lt|Sgt|Rev|vs|e\.g|i\.e|[A-HJ-Z])\.\s*$/.test(
    text,
  );
}

function endsSentence(text: string) {
  return /[.!?…。！？]["'”’»)\]]*$/.test(text);
}

function cutLength(text: string): string[] {
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > maxSentenceLength) {
    const space = rest.lastIndexOf(' ', maxSentenceLength);
    const cut = space > 0 ? space : maxSentenceLength;
    pieces.push(rest.slice(0, cut));
    rest = rest.slice(cut).trimStart();
  }
  return [...pieces, rest];
}
