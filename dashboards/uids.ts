/** Uids of the dashboards. Frozen: bookmarks, alerts and the links between dashboards hold on to them. */
export const uids = {
  overview: 'emotion-overview',
  system: 'system-performance',
  api: 'api-monitoring',
  quality: 'data-quality',
  health: 'stack-health',
} as const;

export type DashboardName = keyof typeof uids;
