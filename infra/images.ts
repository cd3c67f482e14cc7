/**
 * Every third-party image, once. The registry's reference is the pin; where no registry answers, `./stack up`
 * builds or loads the same program and records what it used (see cli/sources/images.ts).
 */
export const thirdPartyImages = {
  node: 'node:24.21.0-bookworm-slim',
  prometheus: 'prom/prometheus:v3.5.0',
  alertmanager: 'prom/alertmanager:v0.28.1',
  'node-exporter': 'prom/node-exporter:v1.9.1',
  cadvisor: 'gcr.io/cadvisor/cadvisor:v0.53.0',
  grafana: 'grafana/grafana-oss:11.6.2',
} as const;

export type ThirdPartyImage = keyof typeof thirdPartyImages;

/** The images that this repository builds from services/. */
export const serviceNames = ['backend', 'frontend'] as const;

export type ServiceName = (typeof serviceNames)[number];
