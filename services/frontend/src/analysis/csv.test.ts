import { expect, it } from 'vitest';
import { prediction } from '../testing.ts';
import { toCsv } from './csv.ts';

it('writes one row per sentence, quoted as RFC 4180 asks, and leaves out what is not known', () => {
  const csv = toCsv(
    [
      { text: 'He said "no", twice.', start: 1.5, end: 3 },
      { text: '=HYPERLINK("http://x")', start: 4 },
      { text: 'Not analysed.' },
    ],
    [prediction('anger', 0.9), prediction('neutral', 0.625)],
  );
  expect(csv).toBe(
    [
      '\uFEFFstart_time,end_time,sentence,emotion,sub_emotion,intensity,' +
        'emotion_confidence,sub_emotion_confidence,intensity_confidence',
      '1.5,3,"He said ""no"", twice.",anger,annoyance,moderate,0.9,0.8,0.7',
      '4,,"\'=HYPERLINK(""http://x"")",neutral,neutral,moderate,0.625,0.8,0.7',
      ',,Not analysed.,,,,,,',
      '',
    ].join('\r\n'),
  );
});
