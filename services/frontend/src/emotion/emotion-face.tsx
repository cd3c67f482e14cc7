import type { ReactNode } from 'react';

const eyes = (
  <>
    <circle cx="7" cy="8" r="1.1" />
    <circle cx="13" cy="8" r="1.1" />
  </>
);

const wideEyes = (
  <>
    <circle cx="7" cy="8" r="1.7" />
    <circle cx="13" cy="8" r="1.7" />
  </>
);

const faces: Record<string, ReactNode> = {
  happiness: (
    <>
      {eyes}
      <path d="M6 11.6q4 4.6 8 0" />
    </>
  ),
  surprise: (
    <>
      {eyes}
      <path d="M5.6 4.9q1.4-1 2.8-.3M11.6 4.6q1.4-.7 2.8.3" />
      <circle cx="10" cy="13.2" r="2" />
    </>
  ),
  neutral: (
    <>
      {eyes}
      <path d="M6.8 12.8h6.4" />
    </>
  ),
  sadness: (
    <>
      {eyes}
      <path d="M6.6 14.2q3.4-3.6 6.8 0" />
    </>
  ),
  fear: (
    <>
      {wideEyes}
      <path d="M5.8 13.6l1.7-1.5 1.7 1.5 1.6-1.5 1.7 1.5 1.7-1.5" />
    </>
  ),
  disgust: (
    <>
      <path d="M5.6 7l2.8 1.2-2.8 1.2M14.4 7l-2.8 1.2 2.8 1.2" />
      <path d="M6.4 12.6h7.2M10.2 12.6v1.6a1.5 1.5 0 0 0 3 0v-1.6" />
    </>
  ),
  anger: (
    <>
      <circle cx="7.2" cy="9" r="1.1" />
      <circle cx="12.8" cy="9" r="1.1" />
      <path d="M5 5.8l3.4 1.7M15 5.8l-3.4 1.7M6.8 14.2q3.2-2.6 6.4 0" />
    </>
  ),
};

/** The emotion as a face in its colour. Decorative: its name always stands beside it. */
export function EmotionFace({ emotion, size = 20 }: { emotion: string; size?: number }) {
  return (
    <svg
      className="emotion-face"
      data-emotion={emotion}
      width={size}
      height={size}
      viewBox="0 0 20 20"
      aria-hidden
    >
      <circle className="emotion-face-disc" cx="10" cy="10" r="10" />
      <g className="emotion-face-lines">{faces[emotion]}</g>
    </svg>
  );
}
