import type { DirectoryReport } from '../node/inclusion-directory.js';
import { alignColumns, formatCount, makePrintable } from '../../presentation/index.js';

/** Failed files that are named on a terminal; all of them are in the JSON. */
const MAX_SHOWN = 20;

/** A report on a directory of inclusion files for a person at a terminal; ends with a line feed. */
export function renderDirectoryReport(report: DirectoryReport): string {
  const { bundle, failed } = report;
  const sections = [
    renderVerdict(report),
    alignColumns([
      ['Bundle', bundle.valid ? bundle.outcome : `${bundle.outcome}  ${bundle.code}`],
      ['Platform', bundle.platform === null ? 'not shown' : makePrintable(bundle.platform)],
      ['Taken at', bundle.takenAt ?? 'not shown'],
      ['Manifest hash', bundle.manifestHash ?? 'none'],
    ]),
    ...(failed.length === 0 ? [] : [renderFailed(failed)]),
    [
      'Not shown',
      '  - That each file is of the user who gets it: no id was typed. Each user checks that alone.',
      '  - That there is a file for every user: only the platform knows how many there are.',
      ...(bundle.insecure
        ? ['  - INSECURE: anything at all, against whoever made the development keys.']
        : []),
    ],
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function renderVerdict({
  valid,
  bundle,
  fileCount,
  validCount,
  failed,
  exceededAssets,
}: DirectoryReport): string[] {
  const mark = bundle.insecure ? ' (INSECURE: development keys)' : '';
  if (valid)
    return [
      `VALID${mark}  all ${formatCount(fileCount, 'inclusion file')}`,
      'The rows of each are counted in the totals of the bundle.',
    ];
  if (!bundle.valid) {
    const head = `${bundle.outcome.toUpperCase()}${mark}  ${bundle.code}`;
    return [
      head,
      `${bundle.verdict} No file was looked at.`,
      ...(bundle.advice ? [`Next: ${bundle.advice}`] : []),
    ];
  }
  if (fileCount === 0)
    return ['INVALID  no file', 'Next: name the directory that holds the inclusion files.'];
  if (exceededAssets.length > 0) {
    return [
      `INVALID${mark}  holding-above-total`,
      `The files together hold or owe more than the published totals: ${exceededAssets.join(', ')}.`,
      'Next: do not publish this. Whoever made the keys, or the proofs, can prove what is not true.',
    ];
  }
  return [
    `INVALID${mark}  ${failed.length} of ${formatCount(fileCount, 'inclusion file')}`,
    `Valid: ${formatCount(validCount, 'file')}. Next: make these files again from the run, and give none of them to a user.`,
  ];
}

function renderFailed(failed: DirectoryReport['failed']): string[] {
  const rows = failed
    .slice(0, MAX_SHOWN)
    .map(({ file, code, evidence }) => [`  ${makePrintable(file)}`, code, makePrintable(evidence)]);
  const more = failed.length - rows.length;
  return [
    'Failed',
    ...alignColumns(rows),
    ...(more > 0 ? [`  and ${more} more: --json names all of them`] : []),
  ];
}
