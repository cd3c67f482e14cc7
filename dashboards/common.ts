// The schema that Grafana 11 reads; its successor, dashboardv2, needs Grafana 12.
/* eslint-disable @typescript-eslint/no-deprecated */
import { gauge } from '@emotion-stack/metrics';
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common';
import {
  AnnotationQueryBuilder,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  RowBuilder,
  type Panel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as TextPanel, TextMode } from '@grafana/grafana-foundation-sdk/text';
import { uids, type DashboardName } from './uids.ts';

export interface DashboardOptions {
  /** How often Prometheus scrapes, like `15s`; no dashboard refreshes more often. */
  scrapeInterval: string;
  /** What container names of this stack begin with: the machine may run another stack. */
  namePrefix: string;
}

/** Matchers of what this project's own service publishes. */
export const backend = { job: 'backend' } as const;

/** The data source that the reader picks at the top; no dashboard names one. */
export const datasource: DataSourceRef = { type: 'prometheus', uid: '${datasource}' };

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
  rows: Row[];
}

/** A dashboard with what all have in common: uid, data source, links, refresh, and the panel that explains it. */
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
    .time({ from: 'now-1h', to: 'now' })
    .timezone('browser')
    .tooltip(DashboardCursorSync.Crosshair)
    .withVariable(new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'))
    .annotation(backendStarts())
    .link(
      new DashboardLinkBuilder('Dashboards')
        .type(DashboardLinkType.Dashboards)
        .tags([tag])
        .asDropdown(true)
        .keepTime(true)
        .includeVars(true),
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
  for (const { title, panels } of spec.rows) {
    builder.withRow(new RowBuilder(title));
    for (const panel of panels) builder.withPanel(panel);
  }
  return builder;
}

/** Marks on every graph where the backend was started: after a deployment or a crash. */
function backendStarts(): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name('Backend started')
    .datasource(datasource)
    .enable(true)
    .iconColor('blue')
    .expr(`${gauge('process_start_time_seconds', backend)} * 1000`)
    .useValueForTime(true)
    .titleFormat('Backend started');
}
