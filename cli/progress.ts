import { Listr, PRESET_TIMER } from 'listr2';

/**
 * One long step. A terminal shows its title, its last line and its time; elsewhere every line is printed once.
 * @returns what the work returns
 */
export async function step<T>(
  title: string,
  work: (report: (line: string) => void) => Promise<T>,
): Promise<T> {
  const context: { result?: T } = {};
  const timer = { ...PRESET_TIMER, condition: (ms: number) => ms > 1000 };
  const list = new Listr(
    [
      {
        title,
        task: async (_, task) => {
          context.result = await work((line) => {
            task.output = line;
          });
        },
        rendererOptions: { persistentOutput: true, timer },
        fallbackRendererOptions: { timer },
      },
    ],
    {
      renderer: 'default',
      fallbackRenderer: 'simple',
      fallbackRendererCondition: () => !process.stdout.isTTY,
    },
  );
  await list.run();
  return context.result as T;
}
