import { createHash } from 'node:crypto';
import type { FeedbackItem } from './feedback.ts';
import type { FeedbackRow } from './store.ts';

/**
 * The items with key and fingerprint, in their order. An item's own key comes first; the request's makes one for each
 * item without, by its place, and stands for the request as a whole.
 */
export function keyed(
  items: readonly FeedbackItem[],
  requestKey: string | undefined,
): (Pick<FeedbackRow, 'key' | 'fingerprint'> & { item: FeedbackItem })[] {
  const whole = requestKey === undefined ? '' : fingerprint(items);
  return items.map((item, index) => {
    if (item.key !== undefined) return { item, key: `item:${item.key}`, fingerprint: fingerprint([item]) };
    if (requestKey !== undefined) return { item, key: `request:${requestKey}:${index}`, fingerprint: whole };
    return { item, key: null, fingerprint: fingerprint([item]) };
  });
}

/** The same for the same content, in whichever order it was written. */
function fingerprint(items: readonly FeedbackItem[]): string {
  const content = items.map((item) => [
    item.text,
    item.emotion,
    item.sub_emotion,
    item.intensity,
    item.action,
    item.source,
    item.start_time,
    item.end_time,
    item.key,
  ]);
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
