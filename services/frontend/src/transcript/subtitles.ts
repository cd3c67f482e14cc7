/** One caption, or one speaker's part of it. */
export interface Utterance {
  text: string;
  /** Seconds. */
  start?: number;
  end?: number;
  /** Never continues the sentence before it: a new speaker, a new paragraph. */
  opens?: boolean;
}

interface Cue {
  start: number;
  end: number;
  lines: string[];
}

const stamp = String.raw`(?:\d{1,3}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?`;
const timing = new RegExp(String.raw`^\s*(${stamp})\s*-->\s*(${stamp})`);
const stampedLine = new RegExp(String.raw`^\s*[[(]?(${stamp})[\])]?(?:\s+[-–—]\s|:\s|\s|$)\s*(.*)$`);

/** "1:02:03.5", "02:03,5" -> seconds. */
function toSeconds(text: string): number {
  return text
    .replace(',', '.')
    .split(':')
    .reduce((total, part) => total * 60 + Number(part), 0);
}

/** SRT or WebVTT; undefined where no line carries a caption's times. */
export function parseSubtitles(lines: readonly string[]) {
  if (!lines.some((line) => timing.test(line))) return undefined;
  const format = lines.some((line) => /^WEBVTT\b/.test(line)) ? ('vtt' as const) : ('srt' as const);
  // Captions made by speech recognition carry a time per word and repeat each line while it rolls up.
  const rolling = lines.some((line) => /<\d[\d:.]+>/.test(line));

  const utterances: Utterance[] = [];
  let lastLine = '';
  for (const cue of parseCues(lines, format)) {
    const cleaned = cue.lines.map(cleanLine).filter((line) => line !== '');
    const fresh = rolling ? cleaned.filter((line) => line !== lastLine) : cleaned;
    lastLine = cleaned.at(-1) ?? lastLine;
    utterances.push(...splitSpeakers(fresh).map((part) => ({ ...part, start: cue.start, end: cue.end })));
  }
  return { format, utterances };
}

function parseCues(lines: readonly string[], format: 'srt' | 'vtt'): Cue[] {
  const cues: Cue[] = [];
  let insideCue = false;
  for (const [index, line] of lines.entries()) {
    const times = timing.exec(line);
    if (times) {
      cues.push({ start: toSeconds(times[1] ?? ''), end: toSeconds(times[2] ?? ''), lines: [] });
      insideCue = true;
    } else if (line.trim() === '') {
      // WebVTT puts comments and styles between captions; SRT has only captions, some with empty lines inside.
      insideCue = format === 'srt' && cues.length > 0;
    } else if (insideCue && !timing.test(lines[index + 1] ?? '')) {
      cues.at(-1)?.lines.push(line);
    } else if (insideCue && !isCueName(line, format, lines[index - 1])) {
      cues.at(-1)?.lines.push(line);
    }
  }
  return cues;
}

/** The line right above a caption's times: its number in SRT, any name after an empty line in WebVTT. */
function isCueName(line: string, format: 'srt' | 'vtt', before = '') {
  return /^\s*\d+\s*$/.test(line) || (format === 'vtt' && before.trim() === '');
}

const entities: Record<string, string> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&nbsp;': ' ',
  '&lrm;': '',
  '&rlm;': '',
};

function cleanLine(line: string) {
  return line
    .replace(/<\/?[a-z][^>]*>|<\d[\d:.]+>|\{\\[^}]*\}/gi, '')
    .replace(/&(?:amp|lt|gt|quot|#39|nbsp|lrm|rlm);/g, (entity) => entities[entity] ?? entity)
    .replace(/\s+/g, ' ')
    .trim();
}

/** "- Where? - Here." on two lines: a leading dash is a new speaker; other lines continue the one before. */
function splitSpeakers(lines: readonly string[]): Utterance[] {
  const parts: Utterance[] = [];
  for (const line of lines) {
    const speech = line.replace(/^[-–—]\s?(?=[\p{L}"'“‘¿¡([♪])/u, '');
    const last = parts.at(-1);
    if (last && speech === line) last.text += ` ${line}`;
    else parts.push({ text: speech, opens: speech !== line });
  }
  return parts;
}

/**
 * Lines that begin with a time, as video sites show a transcript; the text may stand beside or below it. Where one
 * ends is not said there, so no end is given. Undefined unless the text begins with one and has another.
 */
export function parseStampedLines(lines: readonly string[]) {
  const filled = lines.filter((line) => line.trim() !== '');
  const stamped = filled.filter((line) => stampedLine.test(line));
  if (stamped.length < 2 || stamped[0] !== filled[0]) return undefined;

  const utterances: Utterance[] = [];
  for (const line of filled) {
    const match = stampedLine.exec(line);
    const last = utterances.at(-1);
    if (match) utterances.push({ text: (match[2] ?? '').trim(), start: toSeconds(match[1] ?? '') });
    else if (last) last.text = `${last.text} ${line.trim()}`.trim();
  }
  return { format: 'timestamps' as const, utterances: utterances.filter(({ text }) => text !== '') };
}
