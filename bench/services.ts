import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { writableFolder } from '../infra/state.ts';
import { hasVnni } from '../services/backend/src/inference/cpu.ts';
import { inferenceCore, node, type ServerOptions } from './processes.ts';
import { pythonEnvironment } from './python.ts';

/** A service that is measured, and how it is spoken to. */
export interface Service {
  options: ServerOptions;
  path: string;
  body: (texts: string[]) => unknown;
  /** The three labels of the first text, out of an answer. */
  labels: (answer: never) => string[];
}

interface Predictions {
  predictions: { emotion: Label; sub_emotion: Label; intensity: Label }[];
}

interface Label {
  label: string;
}

const predictedLabels = ({ predictions: [first] }: Predictions) =>
  [first?.emotion.label, first?.sub_emotion.label, first?.intensity.label].map(String);

/** This service as it ships, with one thread for the model. */
export async function ourService(modelDir: string): Promise<Service> {
  const data = resolve(await writableFolder('bench'), 'data');
  await rm(data, { recursive: true, force: true });
  return {
    options: {
      command: () => node(join(import.meta.dirname, '..', 'services/backend/src/server.ts')),
      env: (port) => ({
        NODE_ENV: 'production',
        PORT: String(port),
        MODEL_DIR: modelDir,
        DATA_DIR: data,
        INFERENCE_THREADS: '1',
      }),
      readyPath: '/ready',
      log: await logFile('service'),
    },
    path: '/v1/classify',
    body: (texts) => ({ inputs: texts }),
    labels: predictedLabels,
  };
}

/** FastAPI with the quickest of its usual servers. It takes one sentence per request. */
export async function plainPythonService(modelDir: string, say: (line: string) => void): Promise<Service> {
  const programs = await pythonEnvironment('requirements.txt', say);
  return {
    options: {
      command: (port) => [
        join(programs, 'uvicorn'),
        ...['plain:app', '--port', String(port), '--loop', 'uvloop', '--http', 'httptools'],
        '--no-access-log',
      ],
      env: () => ({ ...pythonSettings(modelDir) }),
      cwd: pythonFolder,
      readyPath: '/openapi.json',
      log: await logFile('fastapi'),
    },
    path: '/v1/classify',
    body: ([text]) => ({ inputs: text }),
    labels: predictedLabels,
  };
}

/** MLServer with a runtime of ours, in a process of its own as MLServer does it, by the Open Inference Protocol. */
export async function mlServer(modelDir: string, say: (line: string) => void): Promise<Service> {
  const programs = await pythonEnvironment('requirements-mlserver.txt', say);
  const folder = join(pythonFolder, 'mlserver-model');
  return {
    options: {
      command: () => [join(programs, 'mlserver'), 'start', folder],
      env: (port) => ({
        ...pythonSettings(modelDir),
        MLSERVER_HTTP_PORT: String(port),
        MLSERVER_GRPC_PORT: String(port + 1),
        MLSERVER_METRICS_PORT: String(port + 2),
      }),
      cwd: resolve(await writableFolder('bench', 'mlserver')),
      readyPath: '/v2/models/emotion/ready',
      log: await logFile('mlserver'),
    },
    path: '/v2/models/emotion/infer',
    body: (texts) => ({
      inputs: [{ name: 'text', datatype: 'BYTES', shape: [texts.length, 1], data: texts }],
    }),
    labels: ({ outputs }: { outputs: { name: string; data: string[] }[] }) =>
      ['emotion', 'sub_emotion', 'intensity'].map((task) =>
        String(outputs.find(({ name }) => name === task)?.data[0]),
      ),
  };
}

const pythonFolder = join(import.meta.dirname, 'python');

function pythonSettings(modelDir: string): Record<string, string> {
  return {
    MODEL_DIR: modelDir,
    PYTHONPATH: pythonFolder,
    PYTHONDONTWRITEBYTECODE: '1',
    INFERENCE_CORE: String(inferenceCore),
    EXACT_PRODUCTS: hasVnni() ? '0' : '1',
    // onnxruntime asks the machine otherwise, whatever the session is told.
    OMP_NUM_THREADS: '1',
  };
}

async function logFile(name: string): Promise<string> {
  return resolve(await writableFolder('bench'), `${name}.log`);
}
