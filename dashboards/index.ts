import { api } from './api.ts';
import type { DashboardOptions } from './common.ts';
import { health } from './health.ts';
import { overview } from './overview.ts';
import { quality } from './quality.ts';
import { system } from './system.ts';

/** Every dashboard as Grafana's provisioning takes it: plain JSON, the uid also being the file name. */
export function dashboards(options: DashboardOptions): { uid: string; title: string; json: object }[] {
  return [overview, system, api, quality, health].map((build) => {
    const { title, uid, ...rest } = build(options).build();
    if (uid === undefined || title === undefined) throw new Error('a dashboard lacks its uid or its title');
    const panels = rest.panels?.map((panel, index) => ({ ...panel, id: index + 1 }));
    return { uid, title, json: JSON.parse(JSON.stringify({ uid, title, ...rest, panels })) as object };
  });
}
