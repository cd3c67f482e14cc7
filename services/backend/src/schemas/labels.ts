import { Type } from 'typebox';

export const LabelsReply = Type.Object(
  {
    emotions: Type.Record(Type.String(), Type.Array(Type.String()), {
      description: 'Sub-emotions by emotion; each belongs to exactly one.',
    }),
    intensities: Type.Array(Type.String(), { description: 'From weak to strong.' }),
  },
  {
    description: 'All labels.',
    examples: [{ emotions: { fear: ['fear', 'nervousness'] }, intensities: ['mild', 'moderate', 'strong'] }],
  },
);
