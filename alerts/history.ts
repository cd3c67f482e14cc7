import { jobs, type Job } from '@emotion-stack/metrics';

const ports: Record<Job, number> = {
  backend: 3120,
  prometheus: 9090,
  alertmanager: 9093,
  grafana: 3000,
  'node-exporter': 9100,
  cadvisor: 8080,
};

/** The labels that Prometheus adds to everything it scrapes from a job. */
export function target(job: Job): { job: Job; instance: string } {
  return { job, instance: `${job}:${ports[job]}` };
}

function seriesOf(job: Job) {
  return (name: string, labels: Record<string, string> = {}): string => {
    const all = Object.entries({ ...target(job), ...labels });
    return `${name}{${all.map(([label, value]) => `${label}="${value}"`).join(',')}}`;
  };
}

/** By job: a series of it for the history of a case, in promtool's notation. */
export const from = Object.fromEntries(jobs.map((job) => [job, seriesOf(job)])) as Record<
  Job,
  ReturnType<typeof seriesOf>
>;
