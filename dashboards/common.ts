// The schema that Grafana 11 reads; its successor, dashboardv2, needs Grafana 12.
/* eslint-disable @typescript-eslint/no-deprecated */
import { gauge, type Job } from '@emotion-stack/metrics';
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  AnnotationQueryBuilder,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  RowBuilder,
  TimePickerBuilder,
  type Panel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as TextPanel, TextMode } from '@grafana/grafana-foundation-sdk/text';
import { named } from './containers.ts';
import { uids, type DashboardName } from './uids.ts';
import { datasource, shown, variables } from './variables.ts';

export interface DashboardOptions {
  /** How often Prometheus scrapes, like `15s`; no dashboard refreshes more often. */
  scrapeInterval: string;
  /** What container names of this stack begin with: the machine may run another stack. */
  namePrefix: string;
}

/** The tag by which dashboards find each other. */
const tag = 'emotion-stack';

export interface Row {
  title: string;
  panels: Builder<Panel>[];
}

export interface DashboardSpec {
  title: string;
  /** The questions it answers: its first panel. */
  answers: string[];
  /** The scrape jobs whose metrics it draws, to choose from; left out, all of them. */
  jobs?: readonly Job[];
  rows: Row[];
}

/** A dashboard with what all have in common: uid, variables, marks, links, refresh, and the panel that explains it. */
export function dashboard(
  name: DashboardName,
  spec: DashboardSpec,
  options: DashboardOptions,
): DashboardBuilder {
  const builder = new DashboardBuilder(spec.title)
    .uid(uids[name])
    .tags([tag])
    .readonly()
    .refresh(options.scrapeInterval)
    .timepicker(new TimePickerBuilder().refreshIntervals([options.scrapeInterval, '1m', '5m', '15m']))
    .time({ from: shown.from, to: 'now' })
    .timezone('browser')
    .tooltip(DashboardCursorSync.Crosshair)
    .annotation(deployments(options.namePrefix))
    .annotation(modelStarts())
    .link(
      new DashboardLinkBuilder('Dashboards')
        .type(DashboardLinkType.Dashboards)
        .tags([tag])
        .asDropdown(true)
        .keepTime(true),
    )
    .withPanel(
      new TextPanel()
        .title('What this dashboard answers')
        .description('The questions that the panels below answer.')
        .mode(TextMode.Markdown)
        .content(spec.answers.map((question) => `- ${question}`).join('\n'))
        .span(24)
        .height(4),
    );
  for (const variable of variables(spec.jobs)) builder.withVariable(variable);
  for (const { title, panels } of spec.rows) {
    builder.withRow(new RowBuilder(title));
    for (const panel of panels) builder.withPanel(panel);
  }
  return builder;
}

/** Where a container of this stack was made anew: what `./stack up` changed. A restart keeps the container. */
function deployments(namePrefix: string): AnnotationQueryBuilder {
  const made = gauge('container_start_time_seconds', { job: 'cadvisor', ...named(namePrefix) });
  return mark('Deployment', 'blue', made, '{{name}} deployed');
}

/** Where the backend began to answer, and with which model: after a deployment, a restart or a crash. */
function modelStarts(): AnnotationQueryBuilder {
  const model = gauge('model_info', { job: 'backend' });
  const began = gauge('process_start_time_seconds', { job: 'backend' });
  const joined = `${began} * on (job, instance) group_left (name, version) ${model}`;
  return mark('Model', 'purple', joined, 'Backend started with {{name}} {{version}}');
}

/** Marks on every graph at the moments that are the query's values, in seconds since 1970. */
function mark(name: string, colour: string, seconds: string, title: string): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name(name)
    .datasource(datasource)
    .enable(true)
    .iconColor(colour)
    .expr(`${seconds} * 1000`)
    .useValueForTime(true)
    .titleFormat(title);
}
