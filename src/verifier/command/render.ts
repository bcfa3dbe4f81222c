import type { StatementLine } from '../../protocol/index.js';
import {
  alignColumns,
  describeLine,
  describeNet,
  describePrice,
  describePriceSource,
  formatAmount,
  listUnitDecimals,
  makePrintable,
  showInvisible,
  netStatement,
  showLine,
  type StatementNet,
  CHECK_RESULTS,
  describeAssetPrice,
  describeLeastDistance,
  describeMarkAge,
  describeProvenance,
  phraseProvenance,
  type ReportedProvenance,
  describeReconciliation,
  describeRounding,
  describeUnits,
  describeWriteOffs,
  formatNumber,
  wrapLine,
} from '../../presentation/index.js';
import type { Stated, Report, ReportedTotal } from '../report.js';
import { describeComparisons } from '../words.js';

/** A statement line by line: what is netted together under one heading, with its net. */
function renderStatement(lines: readonly StatementLine[], { assets }: Stated): string[] {
  if (lines.length === 0) return ['no lines: there is nothing that you hold or owe'];
  const decimals = listUnitDecimals(assets);
  const nets = netStatement(lines);
  const rows = alignColumns(
    nets.flatMap((net) => listRows(net, decimals.get(net.asset) ?? 0)),
    [1, 3],
  );
  let start = 0;
  return nets.flatMap((net) => [
    makePrintable(describeNet(net)),
    ...rows.slice(start, (start += net.lines.length + 1)).map(showInvisible),
    ...listSources(net).map((source) => `  ${makePrintable(source)}`),
  ]);
}

function listRows({ lines, net }: StatementNet, decimals: number): string[][] {
  return [
    ...lines.map((line) => {
      const shown = showLine(line);
      return [
        `  ${describeLine(line)}`,
        shown.quantity === null ? '' : formatAmount(shown.quantity),
        shown.price === null ? '' : `at ${describePrice(shown)}`,
        formatAmount(line.value, decimals),
      ];
    }),
    [net.startsWith('-') ? '  You owe' : '  You hold', '', '', formatAmount(net.replace(/^-/, ''), decimals)],
  ];
}

/** Where the prices of some lines come from, each source and instant once. */
function listSources({ lines }: StatementNet): string[] {
  const sources = lines
    .map(showLine)
    .filter(({ priceSource }) => priceSource !== null)
    .map((shown) => `Price of ${shown.instrument ?? 'it'}: ${describePriceSource(shown)}`);
  return [...new Set(sources)];
}

/** A report for a person at a terminal; ends with a line feed. */
export function renderReport(report: Report): string {
  const { stated } = report;
  const mark = report.insecure ? 'INSECURE  ' : '';
  const sections = [
    renderVerdict(report),
    renderSubject(report),
    ...(stated === null ? [] : renderAmounts(report, stated)),
    wrappedSection(`${mark}Checks (numbers of section 8 of the protocol)`, renderChecks(report)),
    ...(report.circuits.length === 0 ? [] : [section(`${mark}Circuits and keys`, renderCircuits(report))]),
    ...(stated === null
      ? []
      : [wrappedSection('Stated by the platform, shown by no proof', renderStated(stated))]),
    section(
      'Not shown',
      report.notShown.map((line) => `- ${line}`),
    ),
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function renderVerdict({ outcome, code, verdict, advice, insecure }: Report): string[] {
  const head = `${outcome.toUpperCase()}${insecure ? ' (INSECURE: development keys)' : ''}  ${code}`;
  return [head, verdict, ...(advice === null ? [] : [`Next: ${advice}`])];
}

function renderSubject({
  code,
  subject,
  platform,
  takenAt,
  provenance,
  manifestHash,
  manifestHashCompared,
  comparedBy,
  trustHash,
  trustHashCompared,
}: Report): string[] {
  const others = comparedBy.filter((way) => way !== 'hash');
  const compared =
    others.length > 0
      ? `compared with ${describeComparisons(comparedBy)}`
      : manifestHashCompared
        ? describeComparison(code === 'manifest-hash-differs')
        : 'NOT compared with what others were shown: bring its hash with --manifest-hash, or --registry or --log';
  const comparedTrust = trustHashCompared
    ? describeComparison(code === 'trust-hash-differs')
    : 'NOT compared: bring its hash from a public place with --trust-hash';
  return alignColumns([
    ['Subject', subject === 'bundle' ? 'a bundle' : 'one account'],
    ['Platform', platform === null ? 'not shown' : makePrintable(platform)],
    ['Taken at', takenAt ?? 'not shown'],
    ['Manifest hash', manifestHash ?? 'none'],
    ['', manifestHash === null ? '' : compared],
    ['Keys', provenance === null ? 'not shown' : describeKeys(provenance)],
    ['Trust file', trustHash ?? 'none'],
    ['', trustHash === null ? '' : comparedTrust],
  ])
    .filter((line) => line !== '')
    .flatMap((line) => wrapLine(line));
}

function describeKeys(provenance: ReportedProvenance): string {
  const isOpen = provenance.kind === 'ceremony' && !provenance.shown;
  return `${phraseProvenance(provenance)}${isOpen ? '; bring its evidence with --ceremony' : ''}`;
}

function describeComparison(differs: boolean): string {
  return differs ? 'NOT the one whose hash you brought' : 'compared with the hash you brought';
}

function renderAmounts(
  { holdings, statement, totals, insecure, subject, valid }: Report,
  stated: Stated,
): string[][] {
  if (!valid) return [];
  const mark = insecure ? 'INSECURE  ' : '';
  const sections = [
    section(`${mark}Totals owed (the exact sums over all accounts)`, renderTotals(totals, stated)),
  ];
  if (subject === 'bundle') return sections;
  const own = holdings.length === 0 ? ['none'] : renderTotals(holdings, stated);
  const lines =
    statement === null
      ? []
      : [
          section(
            `${mark}Your statement: what your holdings are the sum of`,
            renderStatement(statement, stated),
          ),
        ];
  return [section(`${mark}Your holdings: compare them with what you know`, own), ...lines, ...sections];
}

function renderTotals(totals: readonly ReportedTotal[], { assets }: Stated): string[] {
  const decimals = listUnitDecimals(assets);
  return alignColumns(
    [
      ['Asset', 'Equity', 'Debt'],
      ...totals.map(({ asset, equity, debt }) => [
        asset,
        describeUnits(equity, asset, decimals),
        describeUnits(debt, asset, decimals),
      ]),
    ],
    [1, 2],
  );
}

function renderChecks({ checks }: Report): string[] {
  return checks.flatMap(({ number, title, result, compared }) => [
    `${number.padEnd(3)}  ${CHECK_RESULTS[result].word.padEnd(8)}  ${title}`,
    `               ${makePrintable(compared)}`,
  ]);
}

function renderCircuits({ circuits, provenance: reported }: Report): string[] {
  const table = alignColumns([
    ['Circuit', 'Proofs', 'Key fingerprint'],
    ...circuits.map(({ name, proofCount, fingerprint }) => [name, formatNumber(proofCount), fingerprint]),
  ]);
  const makers = new Map<string, string[]>();
  for (const { name, provenance } of circuits) {
    const maker = makePrintable(describeProvenance(provenance, { isShown: reported?.shown ?? false }));
    makers.set(maker, [...(makers.get(maker) ?? []), name]);
  }
  const made = [...makers].map(([maker, names]) => `Made by (${names.join(', ')}): ${maker}`);
  return [...table, ...made.flatMap((line) => wrapLine(line))];
}

function renderStated(stated: Stated): string[] {
  const { scope, assets, quote, previousManifestHash, snapshotHash } = stated;
  const { compared, breaks } = describeReconciliation(stated);
  return [
    `Scope: ${makePrintable(scope.included)}`,
    ...scope.excluded.map((line) => `Left out: ${makePrintable(line)}`),
    `Previous manifest: ${previousManifestHash ?? 'none'}`,
    `Least time between two snapshots: ${describeLeastDistance(stated)}`,
    `Snapshot hash: ${snapshotHash}`,
    `Books reconciled: ${compared}`,
    `Breaks accepted: ${breaks}`,
    `Debt written off, in proof units: ${describeWriteOffs(stated)}`,
    `Marks of positions: ${describeMarkAge(stated)}`,
    ...alignColumns([
      ['Asset', `Price in ${quote}`, 'Counts as collateral', 'Rounded, in units', 'Source'],
      ...assets.map((asset) => [
        asset.symbol,
        formatAmount(asset.price),
        asset.collateralRatio,
        describeRounding(stated, asset.symbol),
        makePrintable(describeAssetPrice(asset)),
      ]),
    ]),
  ];
}

/** A section with texts of the platform’s in it, none of which a terminal may break by itself. */
function wrappedSection(title: string, lines: readonly string[]): string[] {
  return section(title, lines).flatMap((line) => wrapLine(line));
}

function section(title: string, lines: readonly string[]): string[] {
  return [title, ...lines.map((line) => `  ${line}`)];
}
