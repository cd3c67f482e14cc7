const count = new Intl.NumberFormat('en');
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 0 });

/** 1234 -> "1,234". */
export function formatCount(value: number): string {
  return count.format(value);
}

/** 0.283 -> "28%"; what is there but rounds to nothing reads "<1%". */
export function formatShare(value: number): string {
  return value > 0 && value < 0.005 ? '<1%' : percent.format(value);
}

/** Seconds -> "1:05", "1:02:03". */
export function formatTime(seconds: number): string {
  const whole = Math.floor(seconds);
  const pad = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${minutes}:${pad(whole % 60)}`;
}

/** "1 sentence", "12 sentences". */
export function formatSentences(value: number): string {
  return `${formatCount(value)} ${value === 1 ? 'sentence' : 'sentences'}`;
}
