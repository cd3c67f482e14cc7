import { execa } from 'execa';
import { UserError } from '../errors.ts';
import { refusal } from './run.ts';
import { Unavailable } from './source.ts';

/**
 * Whether the Engine has an image under this reference.
 * @throws UserError when the Engine does not answer.
 */
export async function isPresent(reference: string): Promise<boolean> {
  const { failed, stderr } = await execa('docker', ['image', 'inspect', reference], { reject: false });
  if (!failed) return true;
  if (/no such image/i.test(stderr)) return false;
  throw new UserError(
    `cannot ask the Docker Engine for ${reference}: ${stderr}`,
    'see that it answers: docker version',
  );
}

/**
 * The reference of an image of this repository that carries this label, if the Engine has one. An image hands its
 * labels on to those built on it, so a label alone is not enough.
 */
export async function withLabel(repository: string, label: string): Promise<string | undefined> {
  const args = ['images', '--filter', `label=${label}`, '--format', '{{.Repository}}:{{.Tag}}', repository];
  const { stdout } = await execa('docker', args);
  return stdout.split('\n').find((reference) => reference !== '' && !reference.includes('<none>'));
}

/**
 * Pulls images, and remembers which registries do not answer: one wait is enough for all of their images.
 * @param answerLimit seconds for a registry to begin its answer
 * @throws Unavailable, from the returned function.
 */
export function puller(
  report: (line: string) => void,
  answerLimit = 20,
): (reference: string) => Promise<void> {
  const silent = new Map<string, string>();
  return async (reference) => {
    const registry = registryOf(reference);
    const known = silent.get(registry);
    if (known !== undefined) throw new Unavailable(known);
    report(`${reference}: asking ${registry}`);
    try {
      await pull(reference, answerLimit);
    } catch (error) {
      if (error instanceof Unavailable && isUnreachable(error.message)) silent.set(registry, error.message);
      throw error;
    }
  };
}

async function pull(reference: string, answerLimit: number): Promise<void> {
  const args = ['pull', reference];
  const silence = new AbortController();
  const timer = setTimeout(() => {
    silence.abort();
  }, answerLimit * 1000);
  try {
    const download = execa('docker', args, { stdin: 'ignore', cancelSignal: silence.signal });
    // The first line names the image that the registry has found; what follows takes as long as it takes.
    download.stdout.once('data', () => {
      clearTimeout(timer);
    });
    await download;
  } catch (error) {
    if (silence.signal.aborted) throw new Unavailable(`did not answer in ${answerLimit} s`);
    throw refusal('docker', args, error);
  } finally {
    clearTimeout(timer);
  }
}

/** Host of a reference; a first part without dot, colon or "localhost" is a name on Docker Hub. */
export function registryOf(reference: string): string {
  const [first = '', ...rest] = reference.split('/');
  return rest.length > 0 && /[.:]|^localhost$/.test(first) ? first : 'docker.io';
}

/** A registry that answers "no such image" is there; these are the words of one that is not. */
export function isUnreachable(reason: string): boolean {
  return /did not answer|no such host|connection refused|timeout|deadline|unreachable|no route|certificate|proxyconnect|EOF/i.test(
    reason,
  );
}
