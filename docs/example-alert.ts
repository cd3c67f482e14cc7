import { gauge } from '@emotion-stack/metrics';
import { from, target } from '../alerts/history.ts';
import type { AlertConcern } from '../alerts/rule.ts';

const lag = from.backend('nodejs_eventloop_lag_p99_seconds');

export const exampleConcern: AlertConcern = {
  name: 'example',
  rules: [
    {
      alert: 'EventLoopLagHigh',
      service: 'backend',
      expr: `${gauge('nodejs_eventloop_lag_p99_seconds', { job: 'backend' })} > $threshold`,
      threshold: 0.5,
      unit: 's',
      for: '5m',
      severity: 'warning',
      summary: 'The backend answers late because something keeps its event loop busy',
      description:
        'One turn in a hundred of the event loop waits {{ $value | humanizeDuration }}, more than $threshold.',
      dashboard: 'system',
      cases: [
        {
          name: 'fires after five minutes',
          series: { [lag]: '0.525x40' },
          at: '5m',
          firing: [{ labels: target('backend'), value: '525ms' }],
        },
        { name: 'waits five minutes', series: { [lag]: '0.525x40' }, at: '4m45s', firing: [] },
        { name: 'stays silent below', series: { [lag]: '0.475x40' }, at: '10m', firing: [] },
      ],
    },
  ],
};
