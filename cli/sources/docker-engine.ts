import { execa } from 'execa';
import { spawn } from 'node:child_process';
import { existsSync, openSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { aptInstall, hasApt, isRoot } from './apt.ts';
import { isOnPath, run } from './run.ts';
import { firstThatAnswers, Unavailable, type Source, type Sourced, type SourceContext } from './source.ts';

const localAddress = 'unix:///var/run/docker.sock';

/** Seconds for a started Engine to answer; the first start on a slow disk takes the longest. */
const startLimit = 60;

/**
 * A Docker Engine that answers, installed and started where you agree. The value is its address, as DOCKER_HOST
 * takes it: the one that you have set, or that of the current `docker context`.
 * @throws UserError with the command that brings an Engine up on this platform.
 */
export async function dockerEngine(context: SourceContext): Promise<Sourced<string>> {
  const address = await chosenAddress();
  // Where you name an Engine, starting another one is no answer.
  const sources = address === localAddress ? [running(address), startedHere(context)] : [running(address)];
  const fix =
    address === localAddress
      ? fixFor(process.platform)
      : `start the Engine at ${address}, or unset DOCKER_HOST`;
  return firstThatAnswers('Docker Engine', sources, { report: context.report, fix });
}

async function chosenAddress(): Promise<string> {
  if (process.env.DOCKER_HOST !== undefined && process.env.DOCKER_HOST !== '') return process.env.DOCKER_HOST;
  if (!isOnPath('docker')) return localAddress;
  return run('docker', ['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}']);
}

function running(address: string): Source<string> {
  return {
    name: 'running Engine',
    ready: true,
    timeLimit: 20,
    async get(signal) {
      if (!isOnPath('docker')) throw new Unavailable('needs docker, which is not on PATH');
      await run('docker', ['version', '--format', '{{.Server.Version}}'], { cancelSignal: signal });
      return address;
    },
  };
}

function startedHere(context: SourceContext): Source<string> {
  return {
    name: 'Engine of this machine',
    async get() {
      if (!isRoot()) throw new Unavailable('needs root to be started');
      if (!isOnPath('dockerd') || !isOnPath('docker')) await install(context);
      else if (!(await context.confirm('The Docker Engine does not run. Start it?'))) {
        throw new Unavailable('was not wanted started');
      }
      await start(context);
      return localAddress;
    },
  };
}

async function install(context: SourceContext): Promise<void> {
  if (!hasApt()) throw new Unavailable('is not installed, and this is neither Debian nor Ubuntu');
  if (
    !(await context.confirm('Docker is missing. Install docker.io and iptables with apt-get, and start it?'))
  ) {
    throw new Unavailable('was not wanted installed');
  }
  await aptInstall(['docker.io', 'iptables'], context);
  // Newer releases keep the command in a package of its own.
  if (!isOnPath('docker')) await aptInstall(['docker-cli'], context);
}

async function start(context: SourceContext): Promise<void> {
  // Installing it may have started it.
  if (await answers()) return;
  if (existsSync('/run/systemd/system')) {
    context.report('starting docker.service');
    await run('systemctl', ['start', 'docker']);
    return;
  }
  await mkdir(context.cacheDir, { recursive: true });
  const log = join(context.cacheDir, 'dockerd.log');
  context.report(`starting dockerd in the background, its log is ${log}`);
  const output = openSync(log, 'w');
  const daemon = spawn('dockerd', [], { detached: true, stdio: ['ignore', output, output] });
  daemon.unref();
  for (const deadline = Date.now() + startLimit * 1000; Date.now() < deadline;) {
    if (await answers()) return;
    if (daemon.exitCode !== null)
      throw new Unavailable(`ended at its start (${await reasonIn(log)}; see ${log})`);
    await sleep(300);
  }
  throw new Unavailable(`did not answer in ${startLimit} s (see ${log})`);
}

async function answers(): Promise<boolean> {
  const { failed } = await execa('docker', ['version'], { reject: false, timeout: 5000 });
  return !failed;
}

/** dockerd says at the end why it gave up: "failed to start daemon: ...". */
async function reasonIn(log: string): Promise<string> {
  const lines = (await readFile(log, 'utf8')).trim().split('\n');
  return (
    lines.findLast((line) => line.startsWith('failed to start daemon')) ?? lines.at(-1) ?? 'without a word'
  );
}

const access = 'sudo usermod -aG docker $USER, then log in again';

function fixFor(platform: NodeJS.Platform): string {
  switch (platform) {
    case 'darwin':
      return 'install and start an Engine: brew install --cask docker && open -a Docker';
    case 'linux':
      if (isOnPath('dockerd')) return `mend what it says, or: sudo systemctl start docker && ${access}`;
      if (hasApt()) return `sudo apt-get install docker.io iptables && ${access}`;
      return `install your distribution's Docker package, then: sudo systemctl enable --now docker && ${access}`;
    default:
      return 'install Docker Desktop and start it';
  }
}
