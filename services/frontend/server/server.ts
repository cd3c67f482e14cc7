import { existsSync } from 'node:fs';
import { join } from 'node:path';
import closeWithGrace from 'close-with-grace';
import { buildApp } from './app.ts';
import { EnvError, loadEnv } from './env.ts';

/** Milliseconds for requests that are being answered; the stack ends what takes 10 s. */
const grace = 8_000;

const dist = join(import.meta.dirname, '..', 'dist');

async function start() {
  const env = loadEnv(process.env);
  if (!existsSync(join(dist, 'index.html'))) {
    throw new EnvError([
      `${dist} holds no index.html: build the page with npm run build -w services/frontend.`,
    ]);
  }
  const app = await buildApp(env, { dist, logger: true });
  closeWithGrace({ delay: grace }, async ({ err }) => {
    if (err) app.log.error(err);
    await app.close();
  });
  try {
    await app.listen({ port: env.port, host: env.host });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new EnvError([
      `HOST=${env.host} PORT=${env.port} cannot be listened on (${code}): choose another.`,
    ]);
  }
}

start().catch((error: unknown) => {
  if (!(error instanceof EnvError)) throw error;
  console.error(error.message);
  process.exit(1);
});
