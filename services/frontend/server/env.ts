/** What the server is told from outside, once it has been checked. */
export interface Env {
  port: number;
  /** Address to listen on. In a container this is 0.0.0.0; the stack's bind address decides who reaches it. */
  host: string;
  /** Origin of the backend, without a path. */
  backendUrl: string;
  /** Added to every request to the backend, so that the browser never holds it. */
  backendApiKey?: string;
  /** Where the browser finds Grafana and Prometheus. */
  grafanaUrl?: string;
  prometheusUrl?: string;
}

/** Every wrong environment variable, one line each: name, value, what it should be. */
export class EnvError extends Error {
  constructor(problems: readonly string[]) {
    super(`The frontend cannot start:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'EnvError';
  }
}

/**
 * Reads PORT, HOST, BACKEND_URL, BACKEND_API_KEY, GRAFANA_URL and PROMETHEUS_URL. An empty value counts as unset.
 * @throws {EnvError} which names every wrong value together.
 */
export function loadEnv(source: Record<string, string | undefined>): Env {
  const problems: string[] = [];
  const read = (name: string) => {
    const value = source[name]?.trim();
    return value === '' ? undefined : value;
  };

  const port = read('PORT') ?? '3121';
  if (!/^\d+$/.test(port) || Number(port) < 1 || Number(port) > 65535) {
    problems.push(`PORT is "${port}": give a number from 1 to 65535, for example PORT=3121.`);
  }

  const readUrl = (name: string, example: string) => {
    const value = read(name);
    if (value === undefined) return undefined;
    const url = URL.parse(value);
    if (url === null || !['http:', 'https:'].includes(url.protocol)) {
      problems.push(`${name} is "${value}": give an http or https address, for example ${name}=${example}.`);
    } else if (url.username !== '' || url.password !== '') {
      problems.push(`${name} carries a user name or password: give the address without them.`);
      return undefined;
    }
    return url ?? undefined;
  };

  const backend = readUrl('BACKEND_URL', 'http://backend:3120') ?? new URL('http://127.0.0.1:3120');
  if (backend.pathname !== '/' || backend.search !== '' || backend.hash !== '') {
    problems.push(
      `BACKEND_URL is "${backend.href}": give it without a path, as BACKEND_URL=${backend.origin}.`,
    );
  }
  const grafana = readUrl('GRAFANA_URL', 'http://localhost:3123');
  const prometheus = readUrl('PROMETHEUS_URL', 'http://localhost:3122');

  // A header cannot carry control characters; without this check each request would fail instead of the start.
  const backendApiKey = read('BACKEND_API_KEY');
  if (backendApiKey !== undefined && !/^[\x21-\x7e]+$/.test(backendApiKey)) {
    problems.push('BACKEND_API_KEY holds a space or a character outside ASCII: give the bare key.');
  }

  if (problems.length > 0) throw new EnvError(problems);
  return {
    port: Number(port),
    host: read('HOST') ?? '127.0.0.1',
    backendUrl: backend.origin,
    ...(backendApiKey !== undefined && { backendApiKey }),
    ...(grafana && { grafanaUrl: grafana.href }),
    ...(prometheus && { prometheusUrl: prometheus.href }),
  };
}
