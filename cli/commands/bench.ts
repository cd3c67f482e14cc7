import { writeFile } from 'node:fs/promises';
import { bench } from '../../bench/bench.ts';
import { chart } from '../../bench/chart.ts';
import { describeMachine } from '../../bench/machine.ts';
import { assertPinning } from '../../bench/processes.ts';
import { asMarkdown, asText, describe, percent } from '../../bench/report.ts';
import { summarize } from '../../bench/results.ts';
import { loadEnv } from '../../services/backend/src/env.ts';
import { readModel } from '../../services/backend/src/inference/model.ts';

/** Rounds from which on the figures are kept: fewer are a try. */
const roundsToKeep = 5;

/** Measures the service against what the machine gives and against other services, prints a table and draws it. */
export async function benchCommand(options: { rounds: number; seconds: number; json: boolean }) {
  const { rounds, seconds, json } = options;
  // Standard output is for the results alone.
  const say = (line: string) => {
    console.error(line);
  };
  await assertPinning();
  const model = await readModel(loadEnv(process.env).modelDir);
  const machine = await describeMachine(model);
  say(describe(machine));
  if (machine.busy > 0.1) {
    say(
      `warning: other processes use ${percent(machine.busy)} of the CPU, so that the figures will be wrong`,
    );
  }
  const results = summarize(await bench({ model, rounds, seconds, say }));
  console.log(json ? JSON.stringify({ ...results, machine }, null, 2) : `\n${asText(results)}`);
  if (rounds < roundsToKeep) {
    say(`\nbench/RESULTS.md stays as it is: fewer than ${roundsToKeep} rounds are a try`);
    return;
  }
  await writeFile('bench/RESULTS.md', asMarkdown(results, machine, rounds, seconds));
  await writeFile('bench/bench.svg', chart(results.rows, describe(machine)));
  say('\nwritten: bench/RESULTS.md, bench/bench.svg');
}
