import { program } from './infra/program.ts';

/** `pulumi up` runs this; `./stack` runs the same program through the Automation API. */
export const { urls, workloads } = await program();
