import { Option, type Command } from 'commander';

import {
  formatMegabytes,
  parseOperation,
  runOperation,
  type OperationEvent,
  type OperationListener,
  type OperationResult,
} from '../../operate/index.js';
import { addBackupCommands } from './operate-backup.js';
import { addCheckCommand, addInitOperationCommand, addStatusCommand } from './operate-look.js';
import { formatCount, formatDuration, INSECURE } from '../../presentation/index.js';
import { addExample } from '../../verifier/command/index.js';
import { addOutputOptions, writeResult, type OutputFlags } from '../output.js';
import { createProgress } from '../progress.js';

const STEP_NAMES: Readonly<Record<string, string>> = {
  snapshot: 'Snapshot',
  'reserves-capture': 'Capture of the reserves',
  proofs: 'Proofs',
  verification: 'Verification by solvent-verify',
  inclusion: 'Inclusion archive',
  reserves: 'Reserves',
  site: 'Site',
  history: 'History',
  publication: 'Publication',
};

/** `solvent operate …`: a platform's days, each by one command that a scheduler runs. */
export function addOperateCommands(program: Command): void {
  const command = program
    .command('operate')
    .description('make and publish what is due: one command for a scheduler, safe to kill and to run again');
  addInitOperationCommand(command);
  addCheckCommand(command);
  addRunCommand(command);
  addStatusCommand(command);
  addBackupCommands(command);
}

type RunFlags = OutputFlags & { readonly at?: string; readonly log: 'text' | 'json' };

function addRunCommand(program: Command): void {
  const command = program
    .command('run')
    .description('snapshot, proofs, verification, inclusion archive, site and history of what is due')
    .argument('<operation>', 'operation.yaml (docs/operations.md)')
    .option(
      '--at <instant>',
      'an instant, or a rule: daily 00:00Z, hourly, 10m (default: the schedule of the configuration)',
    )
    .addOption(
      new Option('--log <form>', 'progress as text, or one JSON object a line on the standard output')
        .choices(['text', 'json'])
        .default('text'),
    );
  addOutputOptions(command, { isLong: true });
  addExample(
    command,
    'operate run operation.yaml',
    'operate run operation.yaml --at 2026-01-31T00:00:00Z --log json',
  ).action(async (path: string, { at, log, ...flags }: RunFlags) => {
    const operation = await parseOperation(path);
    const progress = createProgress({ quiet: flags.quiet });
    const onEvent: OperationListener =
      log === 'json'
        ? createLineLog()
        : (event) => {
            tellEvent(event, progress);
          };
    try {
      const result = await runOperation(operation, { at, onEvent });
      progress.finish();
      if (log === 'text') writePublished(flags, result);
    } finally {
      progress.finish();
    }
  });
}

/** How often progress is told of within a stage, in milliseconds; its beginning and its end are always told. */
const PROGRESS_INTERVAL_MS = 1_000;

/** Events as lines for programs: the time first, then the fields of the event. */
function createLineLog(): OperationListener {
  let stage = '';
  let toldAtMs = 0;
  return (event) => {
    const nowMs = Date.now();
    if (event.event === 'progress') {
      const isEdge = event.stage !== stage || event.done >= event.total;
      if (!isEdge && nowMs - toldAtMs < PROGRESS_INTERVAL_MS) return;
      stage = event.stage;
      toldAtMs = nowMs;
    }
    process.stdout.write(`${JSON.stringify({ time: new Date(nowMs).toISOString(), ...event })}\n`);
  };
}

function tellEvent(event: OperationEvent, progress: ReturnType<typeof createProgress>): void {
  switch (event.event) {
    case 'run-begun':
      progress.note(`${event.takenAt}, after ${event.previousManifestHash ?? 'nothing: it is the first'}`);
      progress.note(
        `  needs about ${formatMegabytes(event.neededBytes)} of room; ${formatMegabytes(event.freeBytes)} are free`,
      );
      break;
    case 'missed':
      progress.note(
        `Missed: ${formatCount(event.count, 'instant')} from ${event.from} to ${event.to}, which ${event.rule === 'skip' ? 'are left out' : 'are made now'}`,
      );
      break;
    case 'progress':
      progress.report({ stage: `  ${event.stage}`, done: event.done, total: event.total });
      break;
    case 'sealed':
      progress.note(
        `  Sealed the manifest ${event.manifestHash}: announced, not valid until its proofs are there`,
      );
      break;
    case 'step-ended': {
      const took = event.wasComplete ? 'was there already' : formatDuration(event.seconds);
      progress.note(`${STEP_NAMES[event.step]!}: ${took}`);
      break;
    }
    case 'hook-failed':
      progress.note(`warning: the hook ${event.hook} failed (${event.code}); it is run again the next time`);
      break;
    default:
  }
}

function writePublished(flags: OutputFlags, { published, next }: OperationResult): void {
  const last = published.at(-1);
  const due = next === null ? '' : `Due next: ${next}\n`;
  writeResult(flags, {
    object: { published, next },
    text: last === undefined ? `Nothing is due.\n${due}` : `${published.map(describe).join('')}${due}`,
    line: last?.manifestHash ?? 'nothing-due',
  });
}

function describe(event: OperationResult['published'][number]): string {
  const { takenAt, manifestHash, trustHash, pageHash, insecure, reservesHash, wasComplete } = event;
  return [
    wasComplete ? `${takenAt} was published already.\n` : `Published ${takenAt}.\n`,
    ...(insecure ? [`${INSECURE}. Readers refuse it, and the site says so.\n`] : []),
    'Announce these where you could not change them later, and by another way than the site:\n',
    `  manifest hash  ${manifestHash}\n`,
    ...(reservesHash === null ? [] : [`  reserves hash  ${reservesHash}\n`]),
    `  trust file     ${trustHash}\n`,
    `  check.html     ${pageHash}\n`,
  ].join('');
}
