import { gauge, increase, predict, rate, sum } from '@emotion-stack/metrics';
import * as units from '@grafana/grafana-foundation-sdk/units';
import { graph, stat } from './panels.ts';
import { faults } from './thresholds.ts';
import { of } from './variables.ts';

const prometheus = of('prometheus');
const disk = { ...of('node-exporter'), mountpoint: '/' };

/** How far ahead the disk is forecast. */
const fourDays = 4 * 86_400;

/** What Prometheus takes in and keeps, and the disk that it keeps it on. */
export function storage() {
  return [
    graph({
      title: 'Samples stored',
      description:
        'Samples that Prometheus stores per second. A sudden rise is a label with too many values.',
      unit: units.Short,
      queries: [[sum(rate('prometheus_tsdb_head_samples_appended_total', prometheus)), 'samples per second']],
      width: 8,
      height: 8,
    }),
    graph({
      title: 'Series in memory',
      description: 'Time series that Prometheus keeps in memory: what its own memory grows with.',
      unit: units.Short,
      queries: [[gauge('prometheus_tsdb_head_series', prometheus), 'series']],
      width: 8,
      height: 8,
    }),
    graph({
      title: 'Size of the stored metrics',
      description: 'Bytes of the blocks on disk. The newest two hours are not in it yet.',
      unit: units.BytesIEC,
      queries: [[gauge('prometheus_tsdb_storage_blocks_bytes', prometheus), 'blocks']],
      width: 8,
      height: 8,
    }),
    graph({
      title: 'Disk, and its forecast from the last 6 hours',
      description: 'Bytes free now, and in four days if it goes on like this. At 0 Prometheus stops writing.',
      unit: units.BytesIEC,
      queries: [
        [gauge('node_filesystem_avail_bytes', disk), 'free'],
        [
          `clamp_min(${predict('node_filesystem_avail_bytes', disk, '6h', fourDays)}, 0)`,
          'free in four days',
        ],
      ],
      width: 16,
      height: 8,
    }),
    stat({
      title: 'Storage faults',
      description: 'Compactions that failed and damaged log segments, within the time range chosen above.',
      unit: units.Short,
      decimals: 0,
      queries: [
        [increase('prometheus_tsdb_compactions_failed_total', prometheus, '$__range'), 'Compactions failed'],
        [increase('prometheus_tsdb_wal_corruptions_total', prometheus, '$__range'), 'Segments damaged'],
      ],
      thresholds: faults,
      width: 8,
      height: 8,
    }),
  ];
}
