import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig, mebibytes, problemsOf, type RawConfig } from './config.ts';

const plain = (settings: Record<string, string>): RawConfig =>
  Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, { value, secret: false }]));

describe('loadConfig', () => {
  it('fills in every default for the dev stack', () => {
    const config = loadConfig('dev', {});
    expect(config).toMatchObject({
      stack: 'dev',
      namePrefix: 'emotion-dev',
      bindAddress: '127.0.0.1',
      'ports.backend': 3120,
      'prometheus.retention': '200h',
      'prometheus.scrapeInterval': '15s',
    });
  });

  it('converts text, as Pulumi hands it over, into numbers', () => {
    const config = loadConfig('dev', plain({ 'ports.backend': '4000', 'resources.backend.cpu': '1.5' }));
    expect(config['ports.backend']).toBe(4000);
    expect(config['resources.backend.cpu']).toBe(1.5);
  });

  it('reports every problem at once, each with field, value and the command that fixes it', () => {
    const raw = plain({
      'ports.backend': 'http',
      'prometheus.retention': '200',
      target: 'swarm',
      portz: '1',
    });
    const load = () => loadConfig('dev', raw);
    expect(load).toThrow(ConfigError);
    const problems = problemsOf('dev', raw);
    expect(problems.map(({ field }) => field).sort()).toEqual(
      ['portz', 'ports.backend', 'prometheus.retention', 'target'].sort(),
    );
    expect(load).toThrow('ports.backend = "http": must be a port from 1 to 65535');
    expect(load).toThrow('fix: ./stack config set --stack dev prometheus.retention 200h');
    expect(load).toThrow('nothing was touched');
  });

  it('names the setting that a mistyped one probably means', () => {
    expect(() => loadConfig('dev', plain({ 'prometheus.retension': '10h' }))).toThrow(
      'did you mean prometheus.retention?',
    );
  });

  it('refuses two services on one port and offers a free one', () => {
    const [problem] = problemsOf('dev', plain({ 'ports.frontend': '3120' }));
    expect(problem).toMatchObject({
      field: 'ports.frontend',
      problem: 'is the port of ports.backend too',
      fix: './stack config set --stack dev ports.frontend 3124',
    });
  });

  it('asks for image references when images are pulled', () => {
    const fields = problemsOf('dev', plain({ 'images.source': 'pull' })).map(({ field }) => field);
    expect(fields).toEqual(['images.backend', 'images.frontend']);
  });
});

describe('the Grafana password', () => {
  const password = (value: string, secret: boolean): RawConfig => ({
    'grafana.adminPassword': { value, secret },
  });

  it('has a default in the dev stack only', () => {
    expect(problemsOf('dev', {})).toEqual([]);
    expect(problemsOf('prod', {})[0]).toMatchObject({
      field: 'grafana.adminPassword',
      fix: './stack config set --stack prod --secret grafana.adminPassword',
    });
  });

  it('is refused as plain text, as the documented default, and when it is short', () => {
    expect(problemsOf('prod', password('long enough', false))[0]?.problem).toBe('must be stored as a secret');
    expect(problemsOf('prod', password('admin123', true))[0]?.problem).toBe('everyone knows it');
    expect(problemsOf('prod', password('short', true))[0]?.problem).toBe('must have at least 8 characters');
    expect(problemsOf('prod', password('long enough', true))).toEqual([]);
  });

  it('never shows in a message', () => {
    for (const value of ['admin123', 'hunter2']) {
      for (const secret of [true, false]) {
        expect(JSON.stringify(problemsOf('prod', password(value, secret)))).not.toContain(value);
      }
    }
  });
});

describe('the URL of the feedback database', () => {
  it('may be missing in every stack, and is a secret where it is set', () => {
    const given = (secret: boolean): RawConfig => ({
      'grafana.adminPassword': { value: 'long enough', secret: true },
      'feedback.databaseUrl': { value: 'postgres://me:pw@db/feedback', secret },
    });
    const { 'feedback.databaseUrl': url, ...without } = given(true);
    expect(url).toBeDefined();
    expect(problemsOf('prod', without)).toEqual([]);
    expect(problemsOf('prod', given(true))).toEqual([]);
    expect(problemsOf('prod', given(false))[0]?.problem).toBe('must be stored as a secret');
  });
});

describe('the API key', () => {
  const key = (value: string, secret = true): RawConfig => ({
    'grafana.adminPassword': { value: 'long enough', secret: true },
    'backend.apiKey': { value, secret },
  });

  it('may be left out in any stack', () => {
    expect(problemsOf('prod', { 'grafana.adminPassword': { secret: true } })).toEqual([]);
    expect(problemsOf('prod', key('0123-abc'))).toEqual([]);
  });

  it.each([
    [key('0123-abc', false), 'must be stored as a secret'],
    [key(''), 'must have at least 8 characters'],
    [key('two,keys'), 'travels in a header and may have only A-Z a-z 0-9 . _ ~ + / = -'],
  ])('is refused as %j', (raw, problem) => {
    expect(problemsOf('prod', raw)).toMatchObject([{ field: 'backend.apiKey', problem }]);
  });
});

describe('the alerts', () => {
  it('keep their own thresholds and durations unless the stack has others', () => {
    const config = loadConfig(
      'dev',
      plain({ 'alerts.HighPredictionLatency.for': '10s', 'alerts.HostDiskFull.threshold': '0.025' }),
    );
    expect(config['alerts.HighPredictionLatency.threshold']).toBe(30);
    expect(config['alerts.HighPredictionLatency.for']).toBe('10s');
    expect(config['alerts.HostDiskFull.threshold']).toBe(0.025);
  });

  it.each([
    ['alerts.HighPredictionLatency.threshold', 'slow', 'must be a number from 0 up, in seconds'],
    ['alerts.HostDiskFull.threshold', '5', 'must be a share from 0 to 1'],
    ['alerts.HighPredictionLatency.for', '2', 'must be a duration such as 15s, 10m, 200h or 30d'],
    ['alerts.HighPredictionLatencies.for', '2m', 'did you mean alerts.HighPredictionLatency.for?'],
    ['alerts.BackendDown.threshold', '1', 'no such setting'],
  ])('refuse %s = %s', (field, value, problem) => {
    const [found, ...others] = problemsOf('dev', plain({ [field]: value }));
    expect(found).toMatchObject({ field, value: expect.stringContaining(value) as string });
    expect(found?.problem).toContain(problem);
    expect(found?.fix).toMatch(/^\.\/stack config (set|rm) --stack dev alerts\./);
    expect(others).toEqual([]);
  });
});

describe('the receivers of alerts', () => {
  it('are secrets, and URLs', () => {
    const webhook = (value: string, secret = true): RawConfig => ({
      'alertmanager.webhookUrl': { value, secret },
    });
    expect(problemsOf('dev', webhook('https://example.com/hook'))).toEqual([]);
    expect(problemsOf('dev', webhook('example.com/hook'))[0]?.problem).toBe('must be an http or https URL');
    expect(problemsOf('dev', webhook('https://example.com', false))[0]?.problem).toBe(
      'must be stored as a secret',
    );
    expect(loadConfig('dev', webhook('https://example.com/hook')).secrets).toEqual([
      'alertmanager.webhookUrl',
    ]);
  });

  it('need a mail server for mails, and a user for its password', () => {
    const fields = problemsOf('dev', {
      ...plain({ 'alertmanager.email': 'night@example.com' }),
      'alertmanager.smtpPassword': { secret: true },
    }).map(({ field, problem }) => `${field} ${problem}`);
    expect(fields).toEqual([
      'alertmanager.smtpHost is needed by alertmanager.email',
      'alertmanager.smtpFrom is needed by alertmanager.email',
      'alertmanager.smtpUser is needed by alertmanager.smtpPassword',
    ]);
  });
});

describe('mebibytes', () => {
  it('reads Mi and Gi', () => {
    expect(mebibytes('512Mi')).toBe(512);
    expect(mebibytes('2Gi')).toBe(2048);
  });
});
