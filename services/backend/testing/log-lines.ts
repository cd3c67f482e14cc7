import { Writable } from 'node:stream';

/** Options for a logger, and the lines that it wrote. */
export function logLines() {
  const lines: string[] = [];
  const stream = new Writable({
    write: (line, _encoding, done) => {
      lines.push(String(line));
      done();
    },
  });
  return { lines, logger: { level: 'trace', stream } };
}
