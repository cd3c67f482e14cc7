import { execa } from 'execa';
import { availableParallelism } from 'node:os';
import { prepareImages } from './prepare.ts';
import { interactive } from './prompt.ts';

/** The programs that check what Prometheus and Alertmanager read, and the image that has each. */
const images = { promtool: 'prometheus', amtool: 'alertmanager' } as const;

export type Tool = keyof typeof images;

/** How a tool is run: by its arguments, inside a folder. Its own messages go to the terminal unless it is quiet. */
export type RunTool = (
  args: string[],
  options?: { quiet: boolean },
) => Promise<{ ok: boolean; stdout: string }>;

/**
 * A tool that reads the files of one folder: from PATH where it is there, else from the image that the stack runs.
 * @throws UserError when no source has the image.
 */
export async function monitoringTool(tool: Tool, folder: string): Promise<RunTool> {
  const local = (await execa(tool, ['--version'], { reject: false })).exitCode === 0;
  const command = local ? [tool] : ['docker', ...(await inImage(tool, folder))];
  return async (args, { quiet } = { quiet: false }) => {
    const [program = tool, ...first] = command;
    const shown = quiet ? ('pipe' as const) : (['pipe', 'inherit'] as ('pipe' | 'inherit')[]);
    const result = await execa(program, [...first, ...args], {
      cwd: folder,
      stdout: shown,
      stderr: quiet ? 'pipe' : 'inherit',
      reject: false,
    });
    return { ok: result.exitCode === 0, stdout: result.stdout };
  };
}

async function inImage(tool: Tool, folder: string): Promise<string[]> {
  const image = (await prepareImages('test', { yes: !interactive() }))[images[tool]]?.reference;
  if (image == null) throw new Error(`no image of ${images[tool]}`);
  // As you, because the state folder is yours alone; what promtool writes for its tests stays in memory.
  const user = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
  const mount = [
    '--volume',
    `${folder}:/files:ro`,
    '--workdir',
    '/files',
    '--tmpfs',
    '/tmp',
    '--network',
    'none',
  ];
  return ['run', '--rm', '--user', user, ...mount, '--entrypoint', `/bin/${tool}`, image];
}

/** Lists as long as each other, one for each processor. */
export function spread<T>(items: T[], count = availableParallelism()): T[][] {
  return Array.from({ length: count }, (_, i) => items.filter((_, j) => j % count === i)).filter(
    (part) => part.length > 0,
  );
}
