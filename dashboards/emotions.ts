/** An emotion has one colour on every panel; neutral steps back. */
export const emotionColours = {
  anger: '#E02F44',
  disgust: '#8F6B3A',
  fear: '#8F5CC4',
  happiness: '#F2CC0C',
  neutral: '#8E9AAF',
  sadness: '#3274D9',
  surprise: '#FF9830',
} as const;
