import { Option, type Command } from 'commander';

import { publishSite } from '../../site/index.js';
import { addExample } from '../../verifier/command/index.js';
import { addOutputOptions, writeResult, type OutputFlags } from '../output.js';
import {
  formatCount,
  LANGUAGES,
  phraseProvenance,
  type Language,
  type ReportedProvenance,
} from '../../presentation/index.js';

type PublishFlags = OutputFlags & {
  readonly out: string;
  readonly trust?: string;
  readonly ceremony?: string;
  readonly reserves?: string;
  readonly pins?: string;
  readonly previous?: string;
  readonly rotation?: readonly string[];
  /** False by `--no-history`. */
  readonly history: boolean;
  readonly language: Language;
};

/** `solvent publish`: the public site of a snapshot. */
export function addPublishCommand(program: Command): void {
  const command = program
    .command('publish')
    .description(
      'write the site for the public: totals, the bundle, and the page on which users check their line',
    )
    .argument('<run>', 'the directory of a finished run; nothing of its private/ is read')
    .requiredOption('--out <site>', 'a new directory')
    .option('--trust <file>', 'verify the bundle with this trust file first, and offer it to readers')
    .option(
      '--ceremony <file>',
      'offer the evidence of the keys’ ceremony too (default: ceremony.json beside the trust file)',
    )
    .option('--reserves <directory>', 'show the reserves of the bundle beside it, and offer their files')
    .option('--pins <file>', 'verify the reserves with these pins of a reader first; they are not published')
    .option('--previous <site>', 'the site that was published before: its snapshots go on')
    .option('--no-history', 'publish without the earlier snapshots, though the manifest names one')
    .option('--rotation <file...>', 'changes of the signing key since then')
    .addOption(
      new Option('--language <code>', 'the language of the front page').choices([...LANGUAGES]).default('en'),
    );
  addOutputOptions(command, { isLong: true });
  addExample(
    command,
    'publish run-2026-03 --trust trust.json --previous site-2026-02 --out site-2026-03',
  ).action(
    async (
      run: string,
      { out, trust, ceremony, reserves, pins, previous, rotation, history, language, ...flags }: PublishFlags,
    ) => {
      const sources = {
        ...{ run, trust, ceremony, reserves, pins, previous },
        ...{ rotations: rotation, withoutHistory: !history, language },
      };
      const site = await publishSite(sources, out);
      const { manifestHash, pageHash, trustHash, insecure, provenance } = site;
      const { reservesHash, pinsHash, snapshots, wasComplete } = site;
      const earlier = snapshots.length - 1;
      writeResult(flags, {
        object: { path: out, ...site },
        text: [
          `${wasComplete ? `${out} was complete already` : `Wrote ${out}`}, with ${earlier === 0 ? 'no earlier snapshot' : formatCount(earlier, 'earlier snapshot')}.\n`,
          `${describeBundle(insecure)}\n`,
          ...(provenance?.kind !== 'ceremony' ? [] : [`The keys are ${describeKeys(provenance)}.\n`]),
          ...(reservesHash === null ? [] : [`${describeReserves(pinsHash)}\n`]),
          '\n',
          'Announce these where you could not change them later, and by another way than this site:\n\n',
          `  manifest hash  ${manifestHash}\n`,
          `  trust file     ${trustHash ?? 'its hash, which solvent trust show prints'}\n`,
          `  check.html     ${pageHash}\n`,
          ...(reservesHash === null ? [] : [`  reserves hash  ${reservesHash}\n`]),
        ].join(''),
        line: manifestHash,
      });
    },
  );
}

/** How the keys came to be, as the readers of the site are told. */
function describeKeys(provenance: ReportedProvenance): string {
  const isOpen = provenance.kind === 'ceremony' && !provenance.shown;
  return `${phraseProvenance(provenance)}${isOpen ? ': name its evidence with --ceremony' : ''}`;
}

/** @param pinsHash null where nobody verified the reserves. */
function describeReserves(pinsHash: string | null): string {
  return pinsHash === null
    ? 'The reserves were NOT verified: name pins of a reader with --pins.'
    : `The reserves are valid to readers with the pins ${pinsHash}.`;
}

/** @param insecure null where nobody verified the bundle. */
function describeBundle(insecure: boolean | null): string {
  if (insecure === null) {
    return 'The bundle was NOT verified: name the trust file of your readers with --trust.';
  }
  return insecure
    ? 'INSECURE: the bundle is made with development keys, and readers refuse it. The site says so.'
    : 'The bundle is valid to readers with this trust file.';
}
