import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** The running stack that the development server borrows its data from. */
const stack = process.env.STACK_URL ?? 'http://127.0.0.1:3121';

export default defineConfig({
  plugins: [react(), precompress()],
  server: { proxy: { '/v1': stack, '/config.json': stack } },
  build: { target: 'baseline-widely-available' },
});

/** Writes x.br and x.gz beside each text file, which the server sends in place of x: it never compresses itself. */
function precompress(): Plugin {
  return {
    name: 'precompress',
    apply: 'build',
    writeBundle({ dir = 'dist' }) {
      for (const file of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
        if (!/\.(js|css|html|svg)$/.test(file)) continue;
        const path = join(dir, file);
        const content = readFileSync(path);
        writeFileSync(`${path}.br`, brotliCompressSync(content));
        writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
      }
    },
  };
}
