import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTranscript } from './parse.ts';

const texts = (input: string) => parseTranscript(input, 'en').sentences.map(({ text }) => text);

describe('plain text', () => {
  it('is cut into sentences', () => {
    expect(parseTranscript('I won! Can you believe it?  Well. I can.', 'en')).toEqual({
      format: 'text',
      sentences: [{ text: 'I won!' }, { text: 'Can you believe it?' }, { text: 'Well.' }, { text: 'I can.' }],
    });
  });

  it('keeps abbreviations and initials inside their sentence', () => {
    expect(texts('Mr. Smith met Dr. J. Doe. So did I. No. Never.')).toEqual([
      'Mr. Smith met Dr. J. Doe.',
      'So did I.',
      'No.',
      'Never.',
    ]);
  });

  it('joins hard-wrapped lines, and keeps lines of a chat apart', () => {
    expect(texts('The rain stopped\r\nand we left.\n\nAnna: hi\nBen: hello')).toEqual([
      'The rain stopped and we left.',
      'Anna: hi',
      'Ben: hello',
    ]);
  });

  it('follows the script of other languages', () => {
    expect(texts('今日は嬉しい。でも少し怖い！')).toEqual(['今日は嬉しい。', 'でも少し怖い！']);
  });

  it('leaves out what holds no word, and keeps emoji', () => {
    expect(texts('...\n--- \n🎉🎉\n***')).toEqual(['🎉🎉']);
    expect(texts(' \n\t')).toEqual([]);
  });

  it('takes a time within a text for text', () => {
    expect(parseTranscript('12:30 was late. We left.', 'en').format).toBe('text');
  });

  it('cuts what is longer than a request may carry, between words', () => {
    const pieces = texts('word '.repeat(2_500));
    expect(pieces).toHaveLength(3);
    expect(pieces.every((piece) => piece.length <= 5_000 && /^word.*word$/.test(piece))).toBe(true);
    expect(texts('a'.repeat(12_000)).map(({ length }) => length)).toEqual([5_000, 5_000, 2_000]);
  });

  it('loses no word and sends nothing the service refuses, whatever is pasted', () => {
    const words = (text: string) => text.match(/[\p{L}\p{N}]+/gu) ?? [];
    const piece = fc.constantFrom(
      'Mr.',
      'word',
      'No!',
      ' ',
      '\n',
      '"',
      '…',
      '. ',
      'Été',
      '3',
      '😀',
      '-',
      '\t',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const found = texts(pieces.join(''));
        expect(found.flatMap(words)).toEqual(words(pieces.join('')));
        expect(found.every((text) => text.length >= 1 && text.length <= 5_000 && text.trim() === text)).toBe(
          true,
        );
      }),
    );
  });
});

describe('subtitles', () => {
  it('keeps the times of SRT captions and joins a sentence that spans two', () => {
    const srt = `\uFEFF1
00:00:01,000 --> 00:00:02,500
<i>I never thought</i>

2
00:00:02,500 --> 00:00:04,000
we would win. Look!

3
01:02:03,250 --> 01:02:05,000
{\\an8}Fish &amp; chips`;
    expect(parseTranscript(srt, 'en')).toEqual({
      format: 'srt',
      sentences: [
        { text: 'I never thought we would win.', start: 1, end: 4 },
        { text: 'Look!', start: 2.5, end: 4 },
        { text: 'Fish & chips', start: 3723.25, end: 3725 },
      ],
    });
  });

  it('separates speakers within a caption', () => {
    const srt = '1\n00:01,000 --> 00:02,000\n- where are you\n- Here';
    expect(texts(srt)).toEqual(['where are you', 'Here']);
  });

  it('keeps numbers that are spoken, and copes with missing empty lines', () => {
    const srt =
      '1\n0:01,0 --> 0:02,0\nHow many?\n2\n0:02,0 --> 0:03,0\n42\n\n3\n0:09,0 --> 0:10,0\nOh\n\ndear.';
    expect(texts(srt)).toEqual(['How many?', '42', 'Oh dear.']);
  });

  it('reads WebVTT without its comments, styles, names and settings', () => {
    const vtt = `WEBVTT - Interview

STYLE
::cue { color: red }

NOTE a remark
for translators

intro
00:01.000 --> 00:02.000 align:start position:0%
<v Anna>I am so happy.

00:05.000 --> 00:06.000
<c.loud>Me too!</c>`;
    expect(parseTranscript(vtt, 'en')).toEqual({
      format: 'vtt',
      sentences: [
        { text: 'I am so happy.', start: 1, end: 2 },
        { text: 'Me too!', start: 5, end: 6 },
      ],
    });
  });

  it('reads each line of rolling captions once', () => {
    const vtt = `WEBVTT

00:00.000 --> 00:02.000
hello<00:00.500><c> there</c>

00:02.000 --> 00:02.010
hello there

00:02.010 --> 00:04.000
hello there
my<00:03.000><c> friend</c>`;
    expect(parseTranscript(vtt, 'en').sentences).toEqual([
      { text: 'hello there my friend', start: 0, end: 4 },
    ]);
  });

  it('starts anew after a silence, and does not grow without end where no full stop comes', () => {
    const cue = (start: number, text: string) => `00:${start}.000 --> 00:${start + 1}.000\n${text}\n`;
    expect(texts(['WEBVTT\n', cue(10, 'so'), cue(15, 'anyway')].join('\n'))).toEqual(['so', 'anyway']);
    const long = Array.from({ length: 20 }, (_, index) =>
      cue(10 + index, 'words without any full stop here'),
    );
    const found = texts(['WEBVTT\n', ...long].join('\n'));
    expect(found.length).toBeGreaterThan(1);
    expect(Math.max(...found.map(({ length }) => length))).toBeLessThanOrEqual(320);
  });
});

describe('lines that begin with a time', () => {
  it('keeps their starts, whether the text stands beside or below', () => {
    expect(parseTranscript('0:00\nWelcome back.\n[1:05] I was scared\n1:02:03 - of spiders.', 'en')).toEqual({
      format: 'timestamps',
      sentences: [
        { text: 'Welcome back.', start: 0 },
        { text: 'I was scared of spiders.', start: 65 },
      ],
    });
  });
});
