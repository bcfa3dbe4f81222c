import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline/promises';

import type { Command } from 'commander';

import {
  checkOperation,
  describeStatus,
  formatMegabytes,
  formatOperation,
  parseOperation,
  type Operation,
  type OperationCheckResult,
  type OperationStatus,
} from '../../operate/index.js';
import {
  alignColumns,
  formatAge,
  formatCount,
  formatDuration,
  formatNumber,
} from '../../presentation/index.js';
import { EXIT_CODES } from '../../protocol/index.js';
import { writeFileAtomically } from '../../system/index.js';
import { addExample } from '../../verifier/command/index.js';
import { assumeMix, estimateRun } from '../bench-estimate.js';
import { measureCircuits } from '../bench-measurement.js';
import { requireNewFile } from '../new-file.js';
import { addOutputOptions, writeResult, type OutputFlags } from '../output.js';
import { createProgress } from '../progress.js';

const NS_PER_MS = 1_000_000n;
/** What shells expect of a command that was interrupted. */
const EXIT_CODE_INTERRUPTED = 130;

type CheckFlags = OutputFlags & { readonly at?: string; readonly bench: boolean };

/** `solvent operate check`: everything that a run would need, without making anything. */
export function addCheckCommand(program: Command): void {
  const command = program
    .command('check')
    .description(
      'look at everything that a run needs, and make nothing: ends with 1 where something is missing',
    )
    .argument('<operation>', 'operation.yaml')
    .option('--at <instant>', 'whose sources are read (default: the last that the schedule makes due)')
    .option('--no-bench', 'without measuring how long a run will take');
  addOutputOptions(command, { isLong: true });
  addExample(command, 'operate check operation.yaml').action(
    async (path: string, { at, bench, ...flags }: CheckFlags) => {
      const operation = await parseOperation(path);
      const result = await checkOperation(operation, { at, nowMs: Date.now() });
      const isSound = result.checks.every(({ passed }) => passed);
      const seconds = bench && isSound ? await estimateSeconds(operation, result, flags) : undefined;
      const rows = result.checks.map(({ name, passed, code, message }) => [
        passed ? 'passed' : 'FAILED',
        name,
        passed ? message : `${message} [${code!}]`,
      ]);
      const time =
        seconds === undefined
          ? ''
          : `\nA run takes about ${formatDuration(seconds)} of proving on this machine.\n`;
      writeResult(flags, {
        object: { passed: isSound, checks: result.checks, provingSeconds: seconds ?? null },
        text: `${alignColumns(rows).join('\n')}\n${time}`,
        line: isSound ? 'passed' : 'failed',
      });
      if (!isSound) process.exitCode = EXIT_CODES.refused;
    },
  );
}

async function estimateSeconds(
  operation: Operation,
  { keys, accountCount }: OperationCheckResult,
  flags: OutputFlags,
): Promise<number | undefined> {
  if (keys === undefined || accountCount === undefined) return undefined;
  const workers = operation.workers ?? availableParallelism();
  const layouts = keys.circuits.map(({ parameters }) => parameters);
  const progress = createProgress({ quiet: flags.quiet });
  try {
    const measured = await measureCircuits({
      ...{ keys, engine: operation.engine, workers, rounds: 1 },
      onProgress: (circuit, done, total) => {
        progress.report({ stage: `Measuring ${circuit}`, done, total, unit: 'proofs' });
      },
    });
    return estimateRun(measured, { layouts, mix: assumeMix(layouts), users: accountCount, workers })
      .wallSeconds;
  } finally {
    progress.finish();
  }
}

/** `solvent operate status`: last, running, next, and what failed. */
export function addStatusCommand(program: Command): void {
  const command = program
    .command('status')
    .description('say what was published last, what is running, what is next, and what failed and what to do')
    .argument('<operation>', 'operation.yaml');
  addOutputOptions(command);
  addExample(command, 'operate status operation.yaml --json').action(
    async (path: string, flags: OutputFlags) => {
      const status = await describeStatus(await parseOperation(path), Date.now());
      writeResult(flags, {
        object: status,
        text: renderStatus(status, path),
        line: status.last?.manifestHash ?? 'nothing-published',
      });
    },
  );
}

/** Every worker of the queue, in a line each. */
function renderQueue({ workers, failure }: NonNullable<OperationStatus['queue']>): string[] {
  if (failure !== null) return [`Workers    not known: ${failure.message}`];
  if (workers.length === 0) return ['Workers    none on the queue'];
  const rows = workers.map((worker) => [
    worker.name,
    worker.banned ? 'not asked any more' : worker.isAtWork ? 'at work' : 'no sign of life',
    `seen ${formatDuration(worker.seenSecondsAgo)} ago`,
    formatCount(worker.threads, 'thread'),
    `holds ${worker.held}${worker.stage === null ? '' : ` (${worker.stage})`}`,
    `made ${worker.made}`,
    `wrong ${worker.wrong}`,
  ]);
  return alignColumns(rows).map((line, index) => `${index === 0 ? 'Workers   ' : '          '} ${line}`);
}

function renderStatus(status: OperationStatus, path: string): string {
  const { last, running, next, unfinished, missed, failure, publishedCount, queue, room } = status;
  const ago = (instant: string) =>
    `${formatAge(BigInt(Math.max(0, Date.now() - Date.parse(instant))) * NS_PER_MS)} ago`;
  const lost = missed.at(-1);
  const lines = [
    last === null
      ? 'Last       nothing is published yet'
      : `Last       ${last.takenAt}, published ${ago(last.endedAt!)}; ${formatCount(publishedCount, 'snapshot')} in all`,
    ...(last === null ? [] : [`           manifest ${last.manifestHash!}`]),
    ...(last?.isTold === false
      ? ['           its hook has not ended well yet: the next run tells it again']
      : []),
    running === null
      ? 'Running    nobody is at work'
      : `Running    process ${running.process} on ${running.host} since ${running.since}: ${running.takenAt ?? 'no instant yet'}, ${running.stage ?? running.step ?? 'starting'}${running.total > 0 ? ` ${running.done} of ${running.total}` : ''}`,
    ...(running === null && unfinished.length > 0
      ? [`Unfinished ${unfinished.join(', ')}: solvent operate run ${path} goes on with what is still due`]
      : []),
    `Next       ${next ?? 'no schedule in the configuration'}`,
    ...(lost === undefined
      ? []
      : [`Missed     ${formatCount(lost.count, 'instant')} from ${lost.from} to ${lost.to}`]),
    ...(queue === null ? [] : renderQueue(queue)),
    ...(room === null
      ? []
      : [
          `Room       ${formatMegabytes(room.freeBytes)} free at ${room.path}; an instant takes about ${formatMegabytes(room.instantBytes)}: room for ${formatNumber(room.instantsLeft)} more`,
        ]),
    ...(failure === null
      ? []
      : [
          `Failed     ${ago(failure.at)}, ${failure.takenAt ?? 'before any instant'}, at ${failure.step}: ${failure.code}`,
          `           ${failure.message ?? 'the findings beside the instant, in the state, list what is wrong'}`,
        ]),
  ];
  return `${lines.join('\n')}\n`;
}

type InitFlags = OutputFlags & {
  readonly platform?: string;
  readonly books?: string;
  readonly schedule?: string;
  readonly keys?: string;
  readonly identity?: string;
  readonly trust?: string;
};

/** What is asked where no flag says it: the flag, the question, and what an empty answer means. */
const QUESTIONS = [
  ['platform', 'The name that users and verifiers know the platform by', 'Example Exchange'],
  ['books', 'The configuration of the books; {date} stands for the day', 'books/{date}.yaml'],
  ['schedule', 'When a snapshot is due: daily 00:00Z, hourly, 10m', 'daily 00:00Z'],
  ['keys', 'The directory of the proving keys', 'keys'],
  ['identity', 'The file of the key that signs', 'exchange.pem'],
  ['trust', 'The trust file of your readers', 'trust.json'],
] as const;

/** `solvent operate init`: a commented configuration, by flags or by asking. */
export function addInitOperationCommand(program: Command): void {
  const command = program
    .command('init')
    .description('write a commented operation.yaml, by flags or by asking')
    .argument('[file]', 'a new file', 'operation.yaml');
  for (const [name, question, otherwise] of QUESTIONS)
    command.option(
      `--${name} <text>`,
      `${question[0]!.toLowerCase()}${question.slice(1)} (default: asked, else ${otherwise})`,
    );
  addOutputOptions(command);
  addExample(
    command,
    'operate init operation.yaml --platform "Example Exchange" --books "books/{date}.yaml"',
  ).action(async (path: string, flags: InitFlags) => {
    await requireNewFile(path);
    const text = formatOperation(await answer(flags));
    await writeFileAtomically(path, text);
    // What it writes it must read.
    await parseOperation(path);
    writeResult(flags, {
      object: { path },
      text: `Wrote ${path}. Next: solvent operate check ${path}\n`,
      line: path,
    });
  });
}

async function answer(flags: InitFlags): Promise<Record<(typeof QUESTIONS)[number][0], string>> {
  const isAsked = process.stdin.isTTY && QUESTIONS.some(([name]) => flags[name] === undefined);
  const terminal = isAsked ? createInterface({ input: process.stdin, output: process.stderr }) : undefined;
  terminal?.once('SIGINT', () => process.exit(EXIT_CODE_INTERRUPTED));
  // Lines that were pasted at once are answers to the questions still to come.
  const lines = terminal?.[Symbol.asyncIterator]();
  const answers: Record<string, string> = {};
  for (const [name, question, otherwise] of QUESTIONS) {
    const given = flags[name] ?? (await ask(`${question} (${otherwise}): `));
    answers[name] = given === '' ? otherwise : given;
  }
  terminal?.close();
  return answers;

  async function ask(question: string): Promise<string> {
    terminal?.setPrompt(question);
    terminal?.prompt();
    const line = await lines?.next();
    return line === undefined || line.done === true ? '' : line.value;
  }
}
