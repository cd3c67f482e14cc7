import { formatTime } from '../../format.ts';
import type { Transcript, TranscriptFormat } from '../../transcript/parse.ts';

const formatNames: Record<TranscriptFormat, string> = {
  text: 'plain text',
  srt: 'SRT subtitles',
  vtt: 'WebVTT subtitles',
  timestamps: 'transcript with times',
};

/** "SRT subtitles, 0:00 to 0:55": what was recognised, and the time it covers where it says. */
export function describeFormat({ format, sentences }: Transcript): string {
  const starts = sentences.flatMap(({ start }) => start ?? []);
  if (starts.length === 0) return formatNames[format];
  const ends = sentences.flatMap(({ start, end }) => end ?? start ?? []);
  const latest = ends.reduce((a, b) => Math.max(a, b), 0);
  return `${formatNames[format]}, ${formatTime(starts[0] ?? 0)} to ${formatTime(latest)}`;
}
