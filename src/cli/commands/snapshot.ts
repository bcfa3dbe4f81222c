import { join } from 'node:path';

import { type Command, Option } from 'commander';

import {
  inspectSnapshot,
  BALANCE_COLUMNS,
  SEPARATORS,
  createSnapshot,
  createSnapshotFromBooks,
  type ProgressListener,
  type TakenSnapshot,
  type Separator,
  type UnderwaterPolicy,
  refuseSnapshot,
} from '../../snapshot/index.js';
import { addExample } from '../../verifier/command/index.js';
import { withTemporaryDirectory } from '../../system/index.js';
import { SolventError } from '../../protocol/index.js';
import { addOutputOptions, writeResult, type OutputFlags } from '../output.js';
import { createProgress } from '../progress.js';
import { renderInspection } from '../render-inspect.js';
import { parseWideSlots } from '../arguments.js';
import { describeSnapshot, renderSnapshot } from '../render-snapshot.js';
import { refuseCommand } from '../errors.js';

type InspectFlags = OutputFlags & { readonly user?: string };

/** `solvent snapshot inspect`: what is in a sealed snapshot. */
export function addSnapshotInspectCommand(snapshot: Command): void {
  const command = snapshot
    .command('inspect')
    .description('check a sealed snapshot and show what is in it: totals, prices, accounts, breaks')
    .argument('<directory>', 'the snapshot directory')
    .option('--user <id>', 'show what this user holds and owes too, with their statement');
  addOutputOptions(command, { isLong: true });
  addExample(command, 'snapshot inspect snapshot --user me@example.org').action(
    async (directory: string, flags: InspectFlags) => {
      const progress = createProgress({ quiet: flags.quiet });
      try {
        const inspection = await inspectSnapshot(directory, {
          ...(flags.user === undefined ? {} : { userId: flags.user }),
          onProgress: (done, total) => {
            progress.report({ stage: 'Reading the accounts', done, total, unit: 'accounts' });
          },
        });
        progress.finish();
        writeResult(flags, {
          object: inspection,
          text: renderInspection(inspection),
          line: inspection.hash,
        });
      } finally {
        progress.finish();
      }
    },
  );
}

type SnapshotFlags = OutputFlags & {
  readonly check?: true;
  readonly config?: string;
  readonly acceptBreaks?: string;
  readonly findings?: string;
  readonly platform?: string;
  readonly at?: string;
  readonly quote?: string;
  readonly balances?: string;
  readonly assets?: string;
  readonly columns?: string;
  readonly out?: string;
  readonly underwater?: UnderwaterPolicy;
  readonly ignoreColumns?: string;
  readonly wide?: number;
  readonly separator?: Separator;
};

type FlagName = Exclude<keyof SnapshotFlags, keyof OutputFlags | 'check' | 'wide'>;

/** Flags of one form that mean nothing in the other. */
const BOOKS_FLAGS = ['acceptBreaks', 'findings'] as const;
const BALANCES_FLAGS = [
  'platform',
  'quote',
  'balances',
  'assets',
  'columns',
  'ignoreColumns',
  'separator',
] as const;

const STAGES = {
  scan: 'Scanning the files',
  read: 'Reading the sources',
  reconcile: 'Reconciling the books',
  settle: 'Valuing the accounts',
  write: 'Writing the snapshot',
} as const;

/** `solvent snapshot`: from a platform's books, or from balance files, to a sealed snapshot directory. */
export function addSnapshotCommand(program: Command): void {
  const snapshot = program
    .command('snapshot')
    .description(
      'read a platform’s books at one instant, reconcile and value them, and seal what each user is owed',
    )
    .option('--config <file>', 'the books: sources, assets and rules (docs/books.md)')
    .option('--at <instant>', 'the instant, RFC 3339: 2026-01-31T00:00:00Z')
    .option('--out <dir>', 'the snapshot directory; new or empty')
    .option('--accept-breaks <file>', 'with --config: the breaks.csv of breaks that are known, and published')
    .option('--findings <dir>', 'with --config: where breaks are listed (default: OUT-findings)')
    .addOption(
      new Option(
        '--underwater <policy>',
        'what to do with users whose collateral does not cover their debt (default: fail)',
      ).choices(['fail', 'write-off']),
    )
    .option(
      '--wide <slots>',
      'the slots of the widest margin row of the keys (default: 128): who owes and has no rows in it is refused',
      parseWideSlots,
    )
    .option(
      '--balances <file>',
      'the short way: CSV with user_id, asset, equity and, where accounts owe, debt',
    )
    .option(
      '--assets <file>',
      'with --balances: CSV with symbol, decimals (or auto), price, collateral_ratio and, where balances are in base units, unit',
    )
    .option('--columns <list>', 'with --balances: what its columns are called: user_id=email,equity=total')
    .option(
      '--ignore-columns <names>',
      'with --balances: columns that nothing reads, with commas between them',
    )
    .addOption(
      new Option(
        '--separator <name>',
        'with --balances: what stands between its fields (default: as its header shows)',
      ).choices(Object.keys(SEPARATORS)),
    )
    .option('--platform <name>', 'with --balances: the name that users and verifiers know the platform by')
    .option('--quote <symbol>', 'with --balances: the currency of the prices')
    .option('--check', 'read, reconcile and value all of it, and seal nothing; --out is not needed');
  addOutputOptions(snapshot, { isLong: true });
  addExample(
    snapshot,
    'snapshot --config snapshot.yaml --at 2026-03-31T00:00:00Z --check',
    'snapshot --config snapshot.yaml --at 2026-03-31T00:00:00Z --out snapshot-2026-03',
  ).action(async (flags: SnapshotFlags) => {
    const progress = createProgress({ quiet: flags.quiet });
    const isOfBooks = flags.config !== undefined;
    const onProgress: ProgressListener = ({ stage, done, total }) => {
      const unit = stage === 'scan' ? 'bytes' : stage === 'read' && isOfBooks ? 'sources' : undefined;
      progress.report({ stage: STAGES[stage], done, total, ...(unit === undefined ? {} : { unit }) });
    };
    try {
      const snapshot = await (flags.check === true ? checkSnapshot : takeSnapshot)(flags, onProgress);
      progress.finish();
      const directory = flags.check === true ? null : flags.out!;
      writeResult(flags, {
        object: { ...describeSnapshot(snapshot, directory), wasComplete: snapshot.wasComplete },
        text: `${snapshot.wasComplete ? 'The snapshot was complete already.\n' : ''}${renderSnapshot(snapshot, directory)}`,
        line: directory === null ? 'passed' : snapshot.hash,
      });
    } finally {
      progress.finish();
    }
  });
  addSnapshotInspectCommand(snapshot);
}

/** Makes the snapshot in a place of its own, which is gone when this ends; findings stay, where they are named. */
function checkSnapshot(flags: SnapshotFlags, onProgress: ProgressListener): Promise<TakenSnapshot> {
  const findings = flags.findings ?? `${flags.out ?? 'snapshot'}-findings`;
  return withTemporaryDirectory('solvent-check', (directory) =>
    takeSnapshot(
      {
        ...flags,
        out: join(directory, 'snapshot'),
        ...(flags.config === undefined ? {} : { findings }),
      },
      onProgress,
    ),
  );
}

function takeSnapshot(flags: SnapshotFlags, onProgress: ProgressListener): Promise<TakenSnapshot> {
  const isOfBooks = flags.config !== undefined;
  refuseFlags(flags, isOfBooks ? BALANCES_FLAGS : BOOKS_FLAGS, isOfBooks ? '--config' : '--balances');
  if (!isOfBooks && BALANCES_FLAGS.every((name) => flags[name] === undefined))
    throw refuseMissing('--config or --balances', 'neither');
  const takenAt = requireFlag(flags, 'at');
  const outDirectory = requireFlag(flags, 'out');
  if (isOfBooks) {
    return createSnapshotFromBooks({
      configPath: flags.config,
      takenAt,
      outDirectory,
      ...(flags.acceptBreaks === undefined ? {} : { acceptedBreaksPath: flags.acceptBreaks }),
      ...(flags.findings === undefined ? {} : { findingsDirectory: flags.findings }),
      ...(flags.underwater === undefined ? {} : { underwater: flags.underwater }),
      ...(flags.wide === undefined ? {} : { wideSlots: flags.wide }),
      onProgress,
    });
  }
  return createSnapshot({
    platform: requireFlag(flags, 'platform'),
    takenAt,
    quote: requireFlag(flags, 'quote'),
    balancesPath: requireFlag(flags, 'balances'),
    assetsPath: requireFlag(flags, 'assets'),
    outDirectory,
    underwater: flags.underwater ?? 'fail',
    columns: parseColumns(flags.columns),
    ignoredColumns: parseNames(flags.ignoreColumns),
    ...(flags.wide === undefined ? {} : { wideSlots: flags.wide }),
    ...(flags.separator === undefined ? {} : { separator: flags.separator }),
    onProgress,
  });
}

/** Names with commas between them; a column without a name cannot be meant. */
function parseNames(names: string | undefined): string[] {
  return (names ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** The column names of `--columns`: ours, an equals sign, and the file's, between commas. */
function parseColumns(text: string | undefined): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const part of text === undefined ? [] : text.split(',')) {
    const end = part.indexOf('=');
    const [ours, theirs] = [part.slice(0, Math.max(0, end)), part.slice(end + 1)];
    const isUsed = names.has(ours) || [...names.values()].includes(theirs);
    if (!BALANCE_COLUMNS.includes(ours) || theirs === '' || isUsed) {
      throw refuseSnapshot('columns-malformed', {
        expected: `--columns with each of ${BALANCE_COLUMNS.join(', ')} at most once and the column of the file behind an equals sign, like user_id=email,equity=total`,
        found: 'another text',
      });
    }
    names.set(ours, theirs);
  }
  return names;
}

function requireFlag(flags: SnapshotFlags, name: FlagName): string {
  const value = flags[name];
  if (value !== undefined) return value;
  throw refuseMissing(formatFlag(name), 'none');
}

function refuseMissing(expected: string, got: string): SolventError {
  return refuseCommand('flag-missing', { expected, found: got });
}

function refuseFlags(flags: SnapshotFlags, names: readonly FlagName[], form: string): void {
  const given = names.find((name) => flags[name] !== undefined);
  if (given === undefined) return;
  throw refuseCommand('flag-misplaced', {
    expected: `${form} without ${formatFlag(given)}`,
    found: 'both',
    advice: form === '--config' ? 'the configuration says it' : 'it is for --config',
  });
}

function formatFlag(name: FlagName): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
