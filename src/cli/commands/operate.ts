import { type Command, Option } from 'commander';

import {
  backUp,
  parseOperation,
  prune,
  restore,
  formatMegabytes,
  runOperation,
  type OperationEvent,
  type OperationListener,
  type OperationResult,
} from '../../operate/index.js';
import { formatCount, formatDuration, INSECURE } from '../../presentation/index.js';
import { addExample } from '../../verifier/command/index.js';
import { parseHash } from '../arguments.js';
import { addOutputOptions, writeResult, type OutputFlags } from '../output.js';
import { createProgress } from '../progress.js';
import { addCheckCommand, addInitOperationCommand, addStatusCommand } from './operate-look.js';
import { phraseQueueNote } from './worker.js';

/** `solvent operate backup`, `restore` and `prune`: what is kept over years. */
function addBackupCommands(program: Command): void {
  addBackupCommand(program);
  addRestoreCommand(program);
  addPruneCommand(program);
}

function addBackupCommand(program: Command): void {
  const command = program
    .command('backup')
    .description(
      'copy what cannot be made again: secrets of runs, lists of instants and signatures, the site',
    )
    .argument('<operation>', 'operation.yaml')
    .requiredOption('--out <directory>', 'a new directory; it is as secret as the state');
  addOutputOptions(command);
  addExample(command, 'operate backup operation.yaml --out backup-2026-01-31').action(
    async (path: string, { out, ...flags }: OutputFlags & { readonly out: string }) => {
      const backup = await backUp(await parseOperation(path), out);
      writeResult(flags, {
        object: { path: out, ...backup },
        text: `Wrote ${out}: ${formatCount(backup.fileCount, 'file')}, to ${backup.lastTakenAt}. It holds secrets and balances: encrypt it where it goes.\n  last manifest  ${backup.lastManifestHash}\n`,
        line: out,
      });
    },
  );
}

function addRestoreCommand(program: Command): void {
  const command = program
    .command('restore')
    .description('bring a backup into an operation that has nothing yet')
    .argument('<operation>', 'operation.yaml')
    .argument('<backup>', 'the directory of the backup')
    .requiredOption(
      '--manifest-hash <hash>',
      'the last manifest that was announced: an older backup is refused',
      parseHash,
    );
  addOutputOptions(command);
  addExample(command, 'operate restore operation.yaml backup-2026-01-31 --manifest-hash HASH').action(
    async (
      path: string,
      directory: string,
      { manifestHash, ...flags }: OutputFlags & { readonly manifestHash: string },
    ) => {
      const backup = await restore(await parseOperation(path), directory, manifestHash);
      writeResult(flags, {
        object: backup,
        text: `Restored ${formatCount(backup.fileCount, 'file')}, to ${backup.lastTakenAt}. Next: solvent operate check ${path}\n`,
        line: backup.lastManifestHash,
      });
    },
  );
}

function addPruneCommand(program: Command): void {
  const command = program
    .command('prune')
    .description('say what is older than the stated retention, and what can no longer be made without it')
    .argument('<operation>', 'operation.yaml')
    .option('--yes', 'remove it');
  addOutputOptions(command);
  addExample(command, 'operate prune operation.yaml', 'operate prune operation.yaml --yes').action(
    async (path: string, { yes, ...flags }: OutputFlags & { readonly yes?: true }) => {
      const removed = await prune(await parseOperation(path), {
        nowMs: Date.now(),
        isMeant: yes === true,
      });
      const lines = removed.map((one) => `  ${one.path}\n    afterwards: ${one.lost}\n`);
      const head =
        removed.length === 0
          ? 'Nothing is older than the retention.\n'
          : `${yes === true ? 'Removed' : 'Would remove (say --yes)'}:\n`;
      writeResult(flags, {
        object: { removed: yes === true, paths: removed },
        text: `${head}${lines.join('')}`,
        line: String(removed.length),
      });
    },
  );
}

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
    case 'queue':
      progress.note(`  ${phraseQueueNote(event.note)}`);
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
