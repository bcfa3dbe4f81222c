import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'yaml';

import { projectRoot } from '../../src/system/index.js';

export const EXAMPLES = join(projectRoot(), 'examples/operate');

type CronJob = {
  spec: {
    schedule: string;
    jobTemplate: { spec: { template: { spec: { containers: { command: string[] }[] } } } };
  };
};

/** The words of the command line of each example file, as it stands there. */
export const COMMAND_LINES: Readonly<Record<string, () => string[]>> = {
  'solvent.service': () => /^ExecStart=(.+)$/m.exec(readExample('solvent.service'))![1]!.split(' '),
  // What cron hands to a shell: time, user and then the command.
  crontab: () => ['sh', '-c', /^\*\/10 \* \* \* \* solvent (.+)$/m.exec(readExample('crontab'))![1]!],
  'cronjob.yaml': () => {
    const { spec } = parse(readExample('cronjob.yaml')) as CronJob;
    return spec.jobTemplate.spec.template.spec.containers[0]!.command;
  },
  Containerfile: () => JSON.parse(/^CMD (\[.+\])$/m.exec(readExample('Containerfile'))![1]!) as string[],
};

export function readExample(name: string): string {
  return readFileSync(join(EXAMPLES, name), 'utf8');
}
