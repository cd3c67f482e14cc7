import { seconds } from '../../alerts/duration.ts';
import type { Firings } from '../../alerts/replay.ts';
import { resolvedImages } from '../../infra/sources.ts';
import { alertOptions } from '../../infra/topology.ts';
import { publicUrls } from '../../infra/urls.ts';
import { UserError } from '../errors.ts';
import { replay } from '../replay.ts';
import { readStackFile } from '../stack-file.ts';
import { table } from '../table.ts';

/** Prints how often each alert would have fired, by the rules that run and by those of this checkout. */
export async function alertsReplay(options: { stack: string; since: string }): Promise<void> {
  const config = await readStackFile(options.stack);
  if (!/^[1-9]\d*[smhdw]$/.test(options.since)) {
    throw new UserError(`--since ${options.since} is no duration`, 'give one such as 6h or 7d');
  }
  const { grafana } = await resolvedImages(config.stack);
  const replayed = await replay({
    ...alertOptions(config, { grafana: grafana !== undefined }),
    prometheus: publicUrls(config).prometheus,
    since: seconds(options.since),
    step: seconds(config['prometheus.scrapeInterval']),
  });
  const fired = (firings: Firings | undefined) => firings !== undefined && firings.times > 0;
  const worth = replayed.filter(({ before, after }) => !before || !after || fired(before) || fired(after));
  const rows = worth.map(({ alert, before, after }) => [alert, told(before), told(after)]);
  if (rows.length > 0) console.log(table([['ALERT', 'BEFORE', 'AFTER'], ...rows]));
  console.log(`${replayed.length - worth.length} alerts silent before and after, over ${options.since}`);
}

function told(firings: Firings | undefined): string {
  if (firings === undefined) return '(no such alert)';
  const { times, seconds: length } = firings;
  return times === 0
    ? 'silent'
    : `${times} ${times === 1 ? 'time' : 'times'}, ${Math.round(length / 60)} min`;
}
