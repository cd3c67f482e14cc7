import { describe, expect, it } from 'vitest';
import { EnvError, loadEnv } from './env.ts';

describe('loadEnv', () => {
  it('runs without any setting, on the ports of a local stack', () => {
    expect(loadEnv({})).toEqual({ port: 3121, host: '127.0.0.1', backendUrl: 'http://127.0.0.1:3120' });
  });

  it('takes every setting, and an empty one as unset', () => {
    const env = loadEnv({
      PORT: '8080',
      HOST: '0.0.0.0',
      BACKEND_URL: 'http://backend:3120/',
      BACKEND_API_KEY: 'k3y',
      GRAFANA_URL: 'http://localhost:3123',
      PROMETHEUS_URL: '',
    });
    expect(env).toEqual({
      port: 8080,
      host: '0.0.0.0',
      backendUrl: 'http://backend:3120',
      backendApiKey: 'k3y',
      grafanaUrl: 'http://localhost:3123/',
    });
  });

  it('names every wrong value together, with what to give instead', () => {
    const load = () =>
      loadEnv({
        PORT: '70000',
        BACKEND_URL: 'http://backend:3120/api',
        GRAFANA_URL: 'javascript:alert(1)',
        PROMETHEUS_URL: 'localhost:3122',
        BACKEND_API_KEY: 'two words',
      });
    expect(load).toThrow(EnvError);
    expect(load).toThrow(
      /PORT is "70000"[^]*BACKEND_URL=http:\/\/backend:3120\.[^]*GRAFANA_URL is "javascript:/,
    );
    expect(load).toThrow(/PROMETHEUS_URL is "localhost:3122"[^]*BACKEND_API_KEY holds/);
  });

  it('does not repeat a password that stands in an address', () => {
    expect(() => loadEnv({ GRAFANA_URL: 'http://admin:hunter2@grafana' })).toThrow(
      /^(?![^]*hunter2)[^]*GRAFANA_URL/,
    );
  });
});
