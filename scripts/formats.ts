/**
 * Writes the lists of docs/formats.md: published files from their table, all others from the list here, which a test holds to the
 * sources.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { formatNumber } from '../src/presentation/index.js';
import { FILE_KINDS, PUBLISHED_FILES } from '../src/protocol/index.js';
import { projectRoot } from '../src/system/index.js';
import { describeScript } from './command-line.js';
import { keepGenerated } from './verifier/generated.js';

/** What is not published, and what commands print: format, where it is, and what it is. */
const OTHERS: readonly (readonly [title: string, files: readonly (readonly [string, string, string])[]])[] = [
  [
    'What a platform writes',
    [
      ['solvent/books/v1', '`snapshot.yaml`', 'the configuration of its books'],
      ['solvent/operation/v1', '`operation.yaml`', 'the configuration of its days'],
    ],
  ],
  [
    'What a platform keeps',
    [
      [
        'solvent/snapshot/v2',
        '`snapshot.json`',
        'a sealed snapshot, with the hashes of the Parquet files beside it',
      ],
      ['solvent/statement/v2', 'in `statements.parquet` and inclusion files', 'the lines of one account'],
      ['solvent/keys/v2', '`keys.json`', 'the keys of a profile, with the hashes of their files'],
      ['solvent/ceremony/v2', '`transcript.json`', 'a ceremony, contribution by contribution'],
      ['solvent/signing-ledger/v1', '`IDENTITY.ledger.json`', 'every manifest that a key signed'],
      ['solvent/run/v3', '`run/private/run.json`', 'what a run began with'],
      ['solvent/run-content/v1', '`run/private/content.json`', 'what its rows are held to'],
      ['solvent/row-batch/v3', '`run/private/batches/`', 'rows and seed of one batch, binary'],
      ['solvent/stored-proof/v1', '`run/private/proofs/`', 'one finished proof'],
      ['solvent/reserves-work/v1', '`work.json`', 'what was asked of chains for reserves'],
      ['solvent/instants/v1', 'in the state of an operation', 'its instants, begun and published'],
      ['solvent/instant/v1', 'in the state of an operation', 'what one instant began with'],
      ['solvent/operation-backup/v1', 'in a backup', 'what is in it'],
    ],
  ],
  [
    'What programs are given',
    [
      ['solvent/report/v2', '`solvent-verify … --json`', 'the verdict of a bundle or an inclusion file'],
      [
        'solvent/inclusions-report/v2',
        '`solvent-verify inclusion --all --json`',
        'the verdicts of a directory',
      ],
      ['solvent/reserves-report/v1', '`solvent-verify reserves --json`', 'the verdict of reserves'],
      [
        'solvent/audit-request/v1',
        '`audit.json` of `solvent reserves sign-request`',
        'what an auditor signs over',
      ],
      ['solvent/error/v1', 'any command with `--json`', 'why it ended without an answer'],
      ['solvent/attribution/v1', '`attribution.json`', 'what became of accounts between two snapshots'],
      ['solvent/risk/v1', '`risk.json`', 'cover under shocks, Greeks, concentration'],
      ['solvent/operation-event/v1', 'the standard input of a hook', 'what has happened in an operation'],
    ],
  ],
  [
    'What can be made again: caches, and what is not finished',
    [
      ['solvent/converted-key/v1', 'beside a key', 'the hash of its converted form in the cache'],
      ['solvent/development-key/v1', 'in the cache', 'a development key'],
      ['solvent/initial-key/v1', 'in the cache', 'a key before any contribution'],
      ['solvent/queue/v1', 'in a database', 'a sealed batch of a run over the queue, or what was made of it'],
      ['solvent/ceremony-unfinished/v1', 'in a ceremony', 'a contribution that is not whole yet'],
    ],
  ],
];

const { check = false } = describeScript('npm run generate:formats --', {
  does: 'Write the lists of docs/formats.md from the tables of formats.',
  examples: ['', '--check'],
})
  .option('--check', 'write nothing, and end with 1 where the document is not what it would write')
  .parse()
  .opts<{ readonly check?: true }>();

const path = join(projectRoot(), 'docs/formats.md');
const start = '<!-- formats: made by scripts/formats.ts -->';
const end = '<!-- end of formats -->';
const document = await readFile(path, 'utf8');
const [before, rest = ''] = document.split(start);
const after = rest.split(end)[1];
if (before === undefined || after === undefined)
  throw new Error('expected both marks in formats.md, got none');
const text = [before, start, '\n\n', listPublished(), '\n', ...OTHERS.map(listOthers), '\n', end, after].join(
  '',
);
process.exitCode = await keepGenerated([{ path, text }], { check });

function listPublished(): string {
  const lines = FILE_KINDS.map((kind) => {
    const { fileName, format, maxBytes, isList, schema } = PUBLISHED_FILES[kind];
    const name = fileName === null ? 'any name' : `\`${fileName}\``;
    const unit = isList ? ' a line' : '';
    const shown = format.startsWith('solvent/') ? `\`${format}\`` : format;
    const title = schema.title.replace(/^[^:]*\.n?d?json: /, '');
    return `- ${shown}, ${name}: ${title}. At most ${formatNumber(maxBytes)} bytes${unit}; [schema](../conformance/schemas/${schema.name}.schema.json).`;
  });
  return `### What is published, or given to users\n\n${lines.join('\n')}\n`;
}

function listOthers([title, files]: (typeof OTHERS)[number]): string {
  return `\n### ${title}\n\n${files.map(([format, where, what]) => `- \`${format}\`, ${where}: ${what}.`).join('\n')}\n`;
}
