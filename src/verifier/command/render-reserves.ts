import {
  alignColumns,
  CHECK_RESULTS,
  formatAmount,
  formatMoney,
  makePrintable,
} from '../../presentation/index.js';
import { BALANCE_LEVELS } from '../../protocol/reserves/index.js';
import type { ReportedReserve, ReservesReport } from '../reserves/report.js';
import { COVERAGE_WORDS, formatRatio, MARK_WORDS } from '../reserves/words.js';
import { MARKS } from '../reserves/sums.js';

/** A report on reserves for a person at a terminal; ends with a line feed. */
export function renderReservesReport(report: ReservesReport): string {
  const mark = report.insecure ? 'INSECURE  ' : '';
  const sections = [
    renderVerdict(report),
    renderSubject(report),
    ...(report.valid
      ? [
          section(
            `${mark}Held against what is owed, one to one (at the level ${report.level})`,
            renderAssets(report),
          ),
          section(`${mark}Held at each level`, renderLevels(report)),
          ...listIfAny('Of what is held', report.assets.flatMap(renderMarks)),
          section('Counted by your pins', renderTokens(report)),
          section('Blocks', renderBlocks(report)),
          ...listIfAny(
            'Stated as not free',
            report.encumbrances.map(({ kind, note, until }) =>
              makePrintable(`${kind}: ${note}${until === null ? '' : `, until ${until}`}`),
            ),
          ),
          ...listIfAny(
            'Custodians',
            report.custodians.map(({ id, name }) => makePrintable(`${id}: ${name}`)),
          ),
        ]
      : []),
    section(`${mark}Checks (numbers of section 8 of docs/reserves.md)`, renderChecks(report)),
    section(
      'Not shown',
      report.notShown.map((line) => `- ${makePrintable(line)}`),
    ),
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function renderVerdict({ valid, outcome, code, verdict, advice, insecure }: ReservesReport): string[] {
  const head = valid ? COVERAGE_WORDS[outcome].toUpperCase() : 'NOT VALID';
  return [
    `${head}${insecure ? ' (INSECURE: development keys)' : ''}  ${code}`,
    verdict,
    ...(advice === null ? [] : [`Next: ${advice}`]),
  ];
}

function renderSubject(report: ReservesReport): string[] {
  const { platform, takenAt, manifestHash, manifestHashCompared, reservesHash, reservesHashCompared } =
    report;
  const compare = (compared: boolean, flag: string) =>
    compared
      ? report.code === 'reserves-hash-differs'
        ? 'NOT the one whose hash you brought'
        : 'compared with the hash you brought'
      : `NOT compared with what others were shown: bring its hash with ${flag}`;
  return alignColumns([
    ['Subject', 'reserves'],
    ['Platform', platform === null ? 'not shown' : makePrintable(platform)],
    ['Taken at', takenAt ?? 'not shown'],
    ['Reserves hash', reservesHash ?? 'none'],
    ['', reservesHash === null ? '' : compare(reservesHashCompared, '--reserves-hash')],
    ['Manifest hash', manifestHash ?? 'none'],
    [
      '',
      manifestHash === null
        ? ''
        : manifestHashCompared
          ? 'compared with the hash you brought'
          : compare(false, '--manifest-hash'),
    ],
    ['Trust file', report.trustHash ?? 'none'],
    ['Your pins', report.pinsHash ?? 'none'],
  ]).filter((line) => line !== '');
}

function renderAssets({ assets }: ReservesReport): string[] {
  return alignColumns(
    [
      ['Asset', 'Owed', 'Held', 'Ratio', 'With users’ debts', ''],
      ...assets.map(({ asset, decimals, owed, held, ratio, ratioWithDebt, outcome }) => [
        asset,
        formatMoney(owed, decimals),
        formatMoney(held, decimals),
        formatRatio(ratio),
        formatRatio(ratioWithDebt),
        outcome === 'covered' ? 'covered' : COVERAGE_WORDS[outcome].toUpperCase(),
      ]),
    ],
    [1, 2, 3, 4],
  );
}

function renderLevels({ assets }: ReservesReport): string[] {
  return alignColumns(
    [
      ['Asset', ...BALANCE_LEVELS, 'not free'],
      ...assets.map(({ asset, decimals, byLevel, encumbered }) => [
        asset,
        ...BALANCE_LEVELS.map((level) => formatMoney(byLevel[level], decimals)),
        formatMoney(encumbered, decimals),
      ]),
    ],
    [1, 2, 3, 4, 5],
  );
}

function renderMarks({ asset, decimals, ofIt }: ReportedReserve): string[] {
  return MARKS.filter((mark) => ofIt[mark] !== '0').map(
    (mark) => `${asset}: ${formatMoney(ofIt[mark], decimals)} ${MARK_WORDS[mark]}`,
  );
}

function renderTokens({ tokens }: ReservesReport): string[] {
  return alignColumns(
    tokens.map(({ chain, contract, asset, kind, issuer }) => [
      asset,
      contract === null ? `the coin of ${chain}` : `${chain}:${contract}`,
      kind,
      makePrintable(issuer ?? ''),
    ]),
  );
}

function renderBlocks({ blocks }: ReservesReport): string[] {
  return alignColumns([
    ['Chain', 'Block', 'Hash that you pinned', 'At'],
    ...blocks.map(({ chain, number, hash, timestampSeconds }) => [
      chain,
      formatAmount(String(number)),
      hash,
      timestampSeconds === null
        ? 'not read'
        : new Date(timestampSeconds * 1000).toISOString().replace('.000Z', 'Z'),
    ]),
  ]);
}

function renderChecks({ checks }: ReservesReport): string[] {
  return checks.flatMap(({ number, title, result, compared }) => [
    `${number}  ${CHECK_RESULTS[result].word.padEnd(8)}  ${title}`,
    `               ${makePrintable(compared)}`,
  ]);
}

function listIfAny(title: string, lines: readonly string[]): string[][] {
  return lines.length === 0 ? [] : [section(title, lines)];
}

function section(title: string, lines: readonly string[]): string[] {
  return [title, ...lines.map((line) => `  ${line}`)];
}
