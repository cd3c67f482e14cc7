import { Worker } from 'node:worker_threads';

/** Runs a TypeScript file in a thread of its own. */
export function startThread(script: URL, workerData: unknown): Worker {
  // From 1.29 on, the official onnxruntime reports to its maker unless this is set. Native code sees only what the
  // main thread sets: a worker's process.env is a copy.
  process.env.ORT_DISABLE_TELEMETRY = '1';
  return new Worker('typescript' in process.features ? script : throughTsx(script), { workerData });
}

/** Node 20 strips no types, and a thread's first file does not go through the loader of its parent. */
function throughTsx(script: URL): URL {
  const tsx = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  const program = `import { register } from ${tsx}; register(); await import(${JSON.stringify(script)});`;
  return new URL(`data:text/javascript,${encodeURIComponent(program)}`);
}
