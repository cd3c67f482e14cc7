import { PanelBuilder as BarGaugePanel } from '@grafana/grafana-foundation-sdk/bargauge';
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import * as common from '@grafana/grafana-foundation-sdk/common';
import {
  FieldColorBuilder,
  FieldColorModeId,
  MappingType,
  SpecialValueMatch,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type DynamicConfigValue,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import * as heatmaps from '@grafana/grafana-foundation-sdk/heatmap';
import * as pies from '@grafana/grafana-foundation-sdk/piechart';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatPanel } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeSeriesPanel } from '@grafana/grafana-foundation-sdk/timeseries';
import { noData, unpublished } from './quiet.ts';
import type { Thresholds } from './thresholds.ts';
import { datasource } from './variables.ts';

/** A query and how its series are called in the legend; `{{label}}` stands for the value of a label. */
export type Query = readonly [expr: string, legend: string];

export interface PanelSpec {
  title: string;
  /** What the number is, and from where on to worry. */
  description: string;
  /** One of the SDK's `units`. */
  unit: string;
  queries: readonly Query[];
  /** Of the 24 columns, and rows of 38 pixels. */
  width: number;
  height: number;
  decimals?: number;
  /** Where the query may rightly return nothing: the words that stand in its place, as `quiet.ts` says. */
  empty?: string;
}

interface ScaleSpec {
  thresholds?: Thresholds;
  min?: number;
  max?: number;
}

/** Colours by legend, where a series means the same on every panel. */
type Colours = Readonly<Record<string, string>>;

interface GraphSpec extends PanelSpec, ScaleSpec {
  /** Piled up: the sum, or shares of 100%. */
  stack?: common.StackingMode.Normal | common.StackingMode.Percent;
  colours?: Colours;
}

/** Values over time; thresholds are dashed lines. */
export function graph(spec: GraphSpec): TimeSeriesPanel {
  const panel = describe(new TimeSeriesPanel(), spec)
    // Piled up, a series of zeros would draw its line on top of all others.
    .lineWidth(spec.stack === undefined ? 1 : 0)
    .fillOpacity(spec.stack === undefined ? 8 : 50)
    .showPoints(common.VisibilityMode.Never)
    .legend(
      new common.VizLegendOptionsBuilder()
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom)
        .showLegend(true),
    )
    .tooltip(
      new common.VizTooltipOptionsBuilder()
        .mode(common.TooltipDisplayMode.Multi)
        .sort(common.SortOrder.Descending),
    );
  scale(panel, { min: 0, ...spec });
  paint(panel, spec.colours);
  if (spec.stack !== undefined)
    panel.stacking(new common.StackingConfigBuilder().mode(spec.stack).group('A'));
  if (spec.thresholds !== undefined) {
    panel.thresholdsStyle(
      new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Dashed),
    );
  }
  return panel;
}

interface StatSpec extends PanelSpec, ScaleSpec {
  /** Shows the legend instead of the value: for facts that are labels. */
  showName?: boolean;
  /** Words for values, like Up for 1. */
  words?: Readonly<Record<number, string>>;
}

/** The newest value of each series, large; thresholds colour it. */
export function stat(spec: StatSpec): StatPanel {
  const panel = describe(new StatPanel(), spec, { instant: true })
    .reduceOptions(newest())
    .graphMode(common.BigValueGraphMode.None)
    .colorMode(spec.thresholds === undefined ? common.BigValueColorMode.None : common.BigValueColorMode.Value)
    .textMode(spec.showName === true ? common.BigValueTextMode.Name : common.BigValueTextMode.Auto);
  scale(panel, spec);
  const words = Object.entries(spec.words ?? {}).map(([value, text]) => [value, { text }]);
  return panel.mappings([
    { type: MappingType.ValueToText, options: Object.fromEntries(words) as Record<string, { text: string }> },
    // A mean or a quantile of nothing.
    special(SpecialValueMatch.NotANumber, 'no traffic'),
    special(SpecialValueMatch.Null, noValue(spec)),
  ]);
}

/** Neither is good nor bad news: without a colour of its own it would take that of the lowest threshold. */
function special(match: SpecialValueMatch, text: string): ValueMapping {
  return { type: MappingType.SpecialValue, options: { match, result: { text, color: 'text' } } };
}

interface BarsSpec extends PanelSpec, ScaleSpec {
  /** The query is a histogram's cumulative buckets: one bar for each bucket's own count. */
  buckets?: boolean;
  colours?: Colours;
}

/** The newest value of each series as horizontal bars; upright for buckets. */
export function bars(spec: BarsSpec): BarGaugePanel {
  const buckets = spec.buckets === true;
  const panel = describe(new BarGaugePanel(), spec, { instant: true, buckets })
    .reduceOptions(newest())
    .orientation(buckets ? common.VizOrientation.Vertical : common.VizOrientation.Horizontal)
    .displayMode(common.BarGaugeDisplayMode.Basic)
    .valueMode(common.BarGaugeValueMode.Text)
    .text(new common.VizTextDisplayOptionsBuilder().titleSize(13).valueSize(buckets ? 13 : 18))
    .showUnfilled(!buckets);
  if (spec.thresholds === undefined) {
    panel.colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor('blue'));
  }
  scale(panel, { min: 0, ...spec });
  paint(panel, spec.colours);
  return panel;
}

/** Shares of a whole. */
export function pie(spec: PanelSpec & { colours?: Colours }): pies.PanelBuilder {
  const panel = describe(new pies.PanelBuilder(), spec, { instant: true })
    .reduceOptions(newest())
    .pieType(pies.PieChartType.Donut)
    .legend(
      new pies.PieChartLegendOptionsBuilder()
        .displayMode(common.LegendDisplayMode.Table)
        .placement(common.LegendPlacement.Right)
        .showLegend(true)
        .values([pies.PieChartLegendValues.Percent]),
    );
  paint(panel, spec.colours);
  return panel;
}

/** How the buckets of a histogram fill over time; `unit` is that of the buckets. */
export function heatmap(spec: PanelSpec): heatmaps.PanelBuilder {
  return describe(new heatmaps.PanelBuilder(), spec, { buckets: true })
    .calculate(false)
    .yAxis(new heatmaps.YAxisConfigBuilder().unit(spec.unit).axisPlacement(common.AxisPlacement.Left))
    .rowsFrame(new heatmaps.RowsHeatmapOptionsBuilder().layout(common.HeatmapCellLayout.Auto))
    .color(
      new heatmaps.HeatmapColorOptionsBuilder()
        .mode(heatmaps.HeatmapColorMode.Scheme)
        .scheme('Blues')
        .scale(heatmaps.HeatmapColorScale.Exponential)
        .exponent(0.5)
        .steps(64),
    )
    .tooltip(new heatmaps.HeatmapTooltipBuilder().mode(common.TooltipDisplayMode.Single).showColorScale(true))
    .cellGap(1);
}

/** What `describe`, `scale` and `paint` need of the builders of the panel kinds. */
interface DataPanel {
  title(title: string): this;
  description(description: string): this;
  datasource(datasource: common.DataSourceRef): this;
  unit(unit: string): this;
  decimals(decimals: number): this;
  noValue(text: string): this;
  span(width: number): this;
  height(height: number): this;
  min(min: number): this;
  max(max: number): this;
  thresholds(thresholds: ThresholdsConfigBuilder): this;
  overrideByName(name: string, properties: DynamicConfigValue[]): this;
  withTarget(target: Builder<Dataquery>): this;
}

interface QueryMode {
  /** Only the newest value: for panels that show one number per series. */
  instant?: boolean;
  /** Prometheus' cumulative buckets, each as its own count. */
  buckets?: boolean;
}

/** Gives a panel its texts, place and queries, and says plainly where a metric does not exist yet. */
function describe<P extends DataPanel>(panel: P, spec: PanelSpec, mode: QueryMode = {}): P {
  const pending = unpublished(expressions(spec));
  panel
    .title(spec.title)
    .description(pending === undefined ? spec.description : `${spec.description} ${pending}.`)
    .datasource(datasource)
    .unit(spec.unit)
    .noValue(noValue(spec))
    .span(spec.width)
    .height(spec.height);
  if (spec.decimals !== undefined) panel.decimals(spec.decimals);
  for (const [index, [expr, legend]] of spec.queries.entries()) {
    const query = new DataqueryBuilder()
      .refId(String.fromCharCode('A'.charCodeAt(0) + index))
      .datasource(datasource)
      .expr(expr)
      .legendFormat(legend)
      .format(mode.buckets === true ? PromQueryFormat.Heatmap : PromQueryFormat.TimeSeries);
    panel.withTarget(mode.instant === true ? query.instant() : query.range());
  }
  return panel;
}

function noValue(spec: PanelSpec): string {
  return unpublished(expressions(spec)) === undefined ? (spec.empty ?? noData) : 'No data yet';
}

function expressions({ queries }: PanelSpec): string[] {
  return queries.map(([expr]) => expr);
}

function scale(panel: DataPanel, { thresholds, min, max }: ScaleSpec): void {
  if (min !== undefined) panel.min(min);
  if (max !== undefined) panel.max(max);
  if (thresholds === undefined) return;
  const steps = thresholds.map(([value, color]) => ({ value, color }));
  panel.thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps));
}

function paint(panel: DataPanel, colours: Colours = {}): void {
  for (const [name, fixedColor] of Object.entries(colours)) {
    panel.overrideByName(name, colour(fixedColor));
  }
}

/** The override that gives a series one colour. */
export function colour(fixedColor: string): DynamicConfigValue[] {
  return [{ id: 'color', value: { mode: FieldColorModeId.Fixed, fixedColor } }];
}

function newest(): common.ReduceDataOptionsBuilder {
  return new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false);
}
