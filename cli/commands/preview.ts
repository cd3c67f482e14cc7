import { prepare } from '../prepare.ts';
import { readStackFile } from '../stack-file.ts';
import { operate, withStack } from '../workspace.ts';

/** Shows what `up` would change, resource by resource; with `diff`, property by property. */
export async function preview(options: { stack: string; diff: boolean }): Promise<void> {
  const config = await readStackFile(options.stack);
  const { engine } = await prepare(config, { yes: false });
  await withStack(options.stack, engine, (stack) =>
    operate('preview', (shown) => stack.preview({ ...shown, diff: options.diff })),
  );
}
