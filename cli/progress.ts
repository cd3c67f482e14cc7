/** Seconds of silence after which a long step says that it is still at work. */
const heartbeat = 20;

/**
 * One long step: its title, each line that it reports, and its time. Plain lines, so that a question asked in between
 * can be read, and a log file looks like the terminal did.
 * @returns what the work returns
 */
export async function step<T>(
  title: string,
  work: (report: (line: string) => void) => Promise<T>,
): Promise<T> {
  const start = Date.now();
  const seconds = () => Math.round((Date.now() - start) / 1000);
  const beat = setInterval(() => {
    console.log(`    ... ${seconds()} s`);
  }, heartbeat * 1000);
  console.log(`› ${title}`);
  try {
    const result = await work((line) => {
      console.log(`    ${line}`);
      beat.refresh();
    });
    console.log(`✔ ${title}${seconds() > 0 ? ` (${seconds()} s)` : ''}`);
    return result;
  } finally {
    clearInterval(beat);
  }
}
