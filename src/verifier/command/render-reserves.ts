import {
  alignColumns,
  padResult,
  say,
  formatAmount,
  formatMoney,
  makePrintable,
} from '../../presentation/index.js';
import { BALANCE_LEVELS } from '../../protocol/reserves/index.js';
import { retellReserves, type ReportedReserve, type ReservesReport } from '../reserves/report.js';
import { COVERAGE_WORDS, formatRatio, LEVEL_WORDS, MARK_WORDS } from '../reserves/words.js';
import { MARKS } from '../reserves/sums.js';

/** A report on reserves for a person at a terminal; ends with a line feed. */
export function renderReservesReport(made: ReservesReport): string {
  const report = retellReserves(made);
  const mark = report.insecure ? 'INSECURE  ' : '';
  const sections = [
    renderVerdict(report),
    renderSubject(report),
    ...(report.valid
      ? [
          section(
            `${mark}${say('Held against what is owed, one to one (at the level {level})', { level: say(LEVEL_WORDS[report.level]) })}`,
            renderAssets(report),
          ),
          section(`${mark}${say('Held at each level')}`, renderLevels(report)),
          ...listIfAny(say('Of what is held'), report.assets.flatMap(renderMarks)),
          section(say('Counted by your pins'), renderTokens(report)),
          section(say('Blocks'), renderBlocks(report)),
          ...listIfAny(
            say('Stated as not free'),
            report.encumbrances.map(({ kind, note, until }) =>
              makePrintable(`${kind}: ${note}${until === null ? '' : say(', until {until}', { until })}`),
            ),
          ),
          ...listIfAny(
            say('Custodians'),
            report.custodians.map(({ id, name }) => makePrintable(`${id}: ${name}`)),
          ),
        ]
      : []),
    section(`${mark}${say('Checks (numbers of section 8 of docs/reserves.md)')}`, renderChecks(report)),
    section(
      say('Not shown'),
      report.notShown.map((line) => `- ${makePrintable(line)}`),
    ),
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function renderVerdict({ valid, outcome, code, verdict, advice, insecure }: ReservesReport): string[] {
  const head = valid ? COVERAGE_WORDS[outcome].toUpperCase() : 'NOT VALID';
  return [
    `${head}${insecure ? ` (${say('INSECURE: development keys')})` : ''}  ${code}`,
    verdict,
    ...(advice === null ? [] : [`${say('Next:')} ${advice}`]),
  ];
}

function renderSubject(report: ReservesReport): string[] {
  const { platform, takenAt, manifestHash, manifestHashCompared, reservesHash, reservesHashCompared } =
    report;
  const compare = (compared: boolean, flag: string) =>
    compared
      ? report.code === 'reserves-hash-differs'
        ? say('NOT the one whose hash you brought')
        : say('compared with the hash you brought')
      : say('NOT compared with what others were shown: bring its hash with {flag}', { flag });
  return alignColumns([
    [say('Subject'), say('reserves')],
    [say('Platform'), platform === null ? say('not shown') : makePrintable(platform)],
    [say('Taken at'), takenAt ?? say('not shown')],
    [say('Reserves hash'), reservesHash ?? say('none')],
    ['', reservesHash === null ? '' : compare(reservesHashCompared, '--reserves-hash')],
    [say('Manifest hash'), manifestHash ?? say('none')],
    [
      '',
      manifestHash === null
        ? ''
        : manifestHashCompared
          ? say('compared with the hash you brought')
          : compare(false, '--manifest-hash'),
    ],
    [say('Trust file'), report.trustHash ?? say('none')],
    [say('Your pins'), report.pinsHash ?? say('none')],
  ]).filter((line) => line !== '');
}

function renderAssets({ assets }: ReservesReport): string[] {
  return alignColumns(
    [
      [say('Asset'), say('Owed'), say('Held'), say('Ratio'), say('With users’ debts'), ''],
      ...assets.map(({ asset, decimals, owed, held, ratio, ratioWithDebt, outcome }) => [
        asset,
        formatMoney(owed, decimals),
        formatMoney(held, decimals),
        formatRatio(ratio),
        formatRatio(ratioWithDebt),
        outcome === 'covered' ? say('covered') : say(COVERAGE_WORDS[outcome]).toUpperCase(),
      ]),
    ],
    [1, 2, 3, 4],
  );
}

function renderLevels({ assets }: ReservesReport): string[] {
  return alignColumns(
    [
      [say('Asset'), ...BALANCE_LEVELS.map((level) => say(LEVEL_WORDS[level])), say('not free')],
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
    (mark) => `${asset}: ${formatMoney(ofIt[mark], decimals)} ${say(MARK_WORDS[mark])}`,
  );
}

function renderTokens({ tokens }: ReservesReport): string[] {
  return alignColumns(
    tokens.map(({ chain, contract, asset, kind, issuer }) => [
      asset,
      contract === null ? say('the coin of {chain}', { chain }) : `${chain}:${contract}`,
      kind,
      makePrintable(issuer ?? ''),
    ]),
  );
}

function renderBlocks({ blocks }: ReservesReport): string[] {
  return alignColumns([
    [say('Chain'), say('Block'), say('Hash that you pinned'), say('At')],
    ...blocks.map(({ chain, number, hash, timestampSeconds }) => [
      chain,
      formatAmount(String(number)),
      hash,
      timestampSeconds === null
        ? say('not read')
        : new Date(timestampSeconds * 1000).toISOString().replace('.000Z', 'Z'),
    ]),
  ]);
}

function renderChecks({ checks }: ReservesReport): string[] {
  return checks.flatMap(({ number, title, result, compared }) => [
    `${number}  ${padResult(result)}  ${title}`,
    `               ${makePrintable(compared)}`,
  ]);
}

function listIfAny(title: string, lines: readonly string[]): string[][] {
  return lines.length === 0 ? [] : [section(title, lines)];
}

function section(title: string, lines: readonly string[]): string[] {
  return [title, ...lines.map((line) => `  ${line}`)];
}
