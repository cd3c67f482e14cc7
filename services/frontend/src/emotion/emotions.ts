/** The model's emotions in the order in which every list and chart shows them: from pleasant to unpleasant. */
export const emotions = ['happiness', 'surprise', 'neutral', 'sadness', 'fear', 'disgust', 'anger'] as const;

export const intensities = ['mild', 'moderate', 'strong'] as const;

/**
 * Below this probability all other labels together are likelier than the one shown, so it is marked uncertain.
 */
export const certainFrom = 0.5;

/** Known labels first and in their order; what another model adds follows by name. */
export function inDisplayOrder(labels: Iterable<string>, known: readonly string[] = emotions): string[] {
  const rank = (label: string) => (known.includes(label) ? known.indexOf(label) : known.length);
  return [...labels].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}

/** "happiness" -> "Happiness", "self_doubt" -> "Self doubt". */
export function labelText(label: string): string {
  const words = label.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
