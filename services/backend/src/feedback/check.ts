import { ServiceError } from '../errors.ts';
import type { LabelSpace } from '../inference/decode.ts';
import type { FeedbackItem } from './feedback.ts';

/**
 * Checks what a schema can't say: labels that belong together, times in order, texts that every database can hold.
 * @param list name of the list in the request body.
 * @throws {ServiceError} 422 with the path of the first wrong value.
 */
export function checkItems(
  items: readonly FeedbackItem[],
  { tree }: Pick<LabelSpace, 'tree'>,
  list: string,
): void {
  for (const [index, item] of items.entries()) {
    const refuse = (name: keyof FeedbackItem, problem: string): never => {
      const field = `${list}/${index}/${name}`;
      throw new ServiceError(422, 'invalid_input', `${field} ${problem}.`, { field });
    };
    const { emotion, sub_emotion, start_time, end_time } = item;
    const family = tree[emotion] ?? [];
    if (!family.includes(sub_emotion)) {
      refuse('sub_emotion', `"${sub_emotion}" is no shade of ${emotion}: give one of ${family.join(', ')}`);
    }
    if (start_time !== undefined && end_time !== undefined && end_time < start_time) {
      refuse('end_time', `is ${end_time}: give at least start_time, ${start_time}`);
    }
    for (const name of ['text', 'source', 'key'] as const) {
      // PostgreSQL refuses the one, and no database keeps the other.
      if (/\0|\p{Cs}/u.test(item[name] ?? '')) {
        refuse(name, 'has a NUL character or half a surrogate pair: leave it out');
      }
    }
  }
}
