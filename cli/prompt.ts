import { confirm as ask, password } from '@inquirer/prompts';
import { text } from 'node:stream/consumers';

/** Whether a person is there to be asked. */
export function interactive(): boolean {
  return process.stdin.isTTY && process.stdout.isTTY;
}

/** Asks on a terminal; only a typed "y" is a yes. */
export async function confirm(message: string): Promise<boolean> {
  return ask({ message, default: false });
}

/** A secret: typed unseen on a terminal, else read from standard input, so that it never is an argument. */
export async function readSecret(message: string): Promise<string> {
  if (process.stdin.isTTY) return password({ message, mask: true });
  return (await text(process.stdin)).replace(/\r?\n$/, '');
}
