import Type from 'typebox';
import { alerts } from '../alerts/index.ts';
import type { AlertRule } from '../alerts/rule.ts';
import { duration } from './setting-types.ts';

/** Where a stack differs from the alerts as they are written: `alerts.<name>.threshold` and `alerts.<name>.for`. */
export type AlertSettings = Partial<Record<`alerts.${string}.threshold`, number>> &
  Partial<Record<`alerts.${string}.for`, string>>;

/** The schema of each, its default the alert's own value. Only what an alert has can be set. */
export const alertSettings = Object.fromEntries(
  alerts.flatMap((rule) => [
    ...(rule.threshold === undefined ? [] : [[`alerts.${rule.alert}.threshold`, threshold(rule)]]),
    ...(rule.for === undefined ? [] : [[`alerts.${rule.alert}.for`, duration(rule.for)]]),
  ]),
) as Record<string, Type.TSchema>;

function threshold({ threshold: value, unit = '' }: AlertRule) {
  const counted = unit === '' || unit === 'share' ? '' : `, in ${unit === 's' ? 'seconds' : unit}`;
  return Type.Number({
    minimum: 0,
    ...(unit === 'share' && { maximum: 1 }),
    default: value,
    description: unit === 'share' ? 'a share from 0 to 1' : `a number from 0 up${counted}`,
    examples: [value],
  });
}
