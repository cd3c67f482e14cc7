import type { Row } from './results.ts';

/** Pixels. */
const layout = { width: 860, left: 330, right: 150, top: 56, bar: 22, gap: 14 };

/** A bar per row as long as its throughput, with the spread of the rounds, as an SVG picture. */
export function chart(rows: readonly Row[], subtitle: string): string {
  const { width, left, right, top, bar, gap } = layout;
  const most = Math.max(1, ...rows.flatMap(({ rounds }) => rounds));
  const x = (value: number) => left + (value / most) * (width - left - right);
  const height = top + rows.length * (bar + gap) + gap;
  const drawn = rows.map((row, index) => {
    const y = top + index * (bar + gap);
    const label = text({ x: left - 10, y: y + 16, anchor: 'end' }, row.name);
    if (row.sentences_per_second === null) {
      return label + text({ x: left + 6, y: y + 16, fill: '#666' }, 'not measured');
    }
    const [low, high] = [Math.min(...row.rounds), Math.max(...row.rounds)];
    const colour = row.name.startsWith('this service') ? '#2f6fde' : '#9aa4b2';
    return [
      label,
      `<rect x="${left}" y="${y}" width="${fixed(x(row.sentences_per_second) - left)}" height="${bar}" fill="${colour}"/>`,
      `<path d="M${fixed(x(low))} ${y + bar / 2}H${fixed(x(high))}" stroke="#1b1f24" stroke-width="2"/>`,
      text(
        { x: Number(fixed(x(high))) + 8, y: y + 16 },
        `${Math.round(row.sentences_per_second)} sentences/s`,
      ),
    ].join('\n');
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="14">
<rect width="${width}" height="${height}" fill="#fff"/>
${text({ x: 16, y: 22, weight: 'bold' }, 'Sentences per second, median of the rounds')}
${text({ x: 16, y: 42, fill: '#666' }, subtitle)}
${drawn.join('\n')}
</svg>
`;
}

interface TextStyle {
  x: number;
  y: number;
  anchor?: 'end';
  fill?: string;
  weight?: 'bold';
}

function text({ x, y, anchor, fill, weight }: TextStyle, content: string): string {
  const style = [
    anchor && ` text-anchor="${anchor}"`,
    fill && ` fill="${fill}"`,
    weight && ` font-weight="${weight}"`,
  ];
  return `<text x="${x}" y="${y}"${style.filter(Boolean).join('')}>${escape(content)}</text>`;
}

function escape(content: string): string {
  return content.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function fixed(value: number): string {
  return value.toFixed(1);
}
