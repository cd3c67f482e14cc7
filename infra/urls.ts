import type { StackConfig } from './config.ts';

/** Where people reach the published services, as a browser on this machine would type it. */
export function publicUrls(config: StackConfig) {
  const everywhere = config.bindAddress === '0.0.0.0';
  const host = everywhere ? 'localhost' : config.bindAddress;
  return {
    backend: `http://${host}:${config['ports.backend']}`,
    frontend: `http://${host}:${config['ports.frontend']}`,
    prometheus: `http://${host}:${config['ports.prometheus']}`,
    grafana: `http://${host}:${config['ports.grafana']}`,
  };
}
