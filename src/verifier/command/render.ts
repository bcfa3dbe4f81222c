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
  padResult,
  say,
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
import { retellReport, type Stated, type Report, type ReportedTotal } from '../report.js';
import { describeComparisons } from '../words.js';

/** A statement line by line: what is netted together under one heading, with its net. */
function renderStatement(lines: readonly StatementLine[], { assets }: Stated): string[] {
  if (lines.length === 0) return [say('no lines: there is nothing that you hold or owe')];
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
        shown.price === null ? '' : say('at {price}', { price: describePrice(shown) }),
        formatAmount(line.value, decimals),
      ];
    }),
    [
      `  ${net.startsWith('-') ? say('You owe') : say('You hold')}`,
      '',
      '',
      formatAmount(net.replace(/^-/, ''), decimals),
    ],
  ];
}

/** Where the prices of some lines come from, each source and instant once. */
function listSources({ lines }: StatementNet): string[] {
  const sources = lines
    .map(showLine)
    .filter(({ priceSource }) => priceSource !== null)
    .map((shown) =>
      say('Price of {instrument}: {source}', {
        ...{ instrument: shown.instrument ?? say('it'), source: describePriceSource(shown) },
      }),
    );
  return [...new Set(sources)];
}

/** A report for a person at a terminal; ends with a line feed. */
export function renderReport(made: Report): string {
  const report = retellReport(made);
  const { stated } = report;
  const mark = report.insecure ? 'INSECURE  ' : '';
  const sections = [
    renderVerdict(report),
    renderSubject(report),
    ...(stated === null ? [] : renderAmounts(report, stated)),
    wrappedSection(`${mark}${say('Checks (numbers of section 8 of the protocol)')}`, renderChecks(report)),
    ...(report.circuits.length === 0
      ? []
      : [section(`${mark}${say('Circuits and keys')}`, renderCircuits(report))]),
    ...(stated === null
      ? []
      : [wrappedSection(say('Stated by the platform, shown by no proof'), renderStated(stated))]),
    section(
      say('Not shown'),
      report.notShown.map((line) => `- ${line}`),
    ),
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function renderVerdict({ outcome, code, verdict, advice, insecure }: Report): string[] {
  const mark = insecure ? ` (${say('INSECURE: development keys')})` : '';
  // The word and the code are those of the report in every language.
  const head = `${outcome.toUpperCase()}${mark}  ${code}`;
  return [head, verdict, ...(advice === null ? [] : [`${say('Next:')} ${advice}`])];
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
      ? say('compared with {ways}', { ways: describeComparisons(comparedBy) })
      : manifestHashCompared
        ? describeComparison(code === 'manifest-hash-differs')
        : say(
            'NOT compared with what others were shown: bring its hash with --manifest-hash, or --registry or --log',
          );
  const comparedTrust = trustHashCompared
    ? describeComparison(code === 'trust-hash-differs')
    : say('NOT compared: bring its hash from a public place with --trust-hash');
  return alignColumns([
    [say('Subject'), subject === 'bundle' ? say('a bundle') : say('one account')],
    [say('Platform'), platform === null ? say('not shown') : makePrintable(platform)],
    [say('Taken at'), takenAt ?? say('not shown')],
    [say('Manifest hash'), manifestHash ?? say('none')],
    ['', manifestHash === null ? '' : compared],
    [say('Keys'), provenance === null ? say('not shown') : describeKeys(provenance)],
    [say('Trust file'), trustHash ?? say('none')],
    ['', trustHash === null ? '' : comparedTrust],
  ])
    .filter((line) => line !== '')
    .flatMap((line) => wrapLine(line));
}

function describeKeys(provenance: ReportedProvenance): string {
  const isOpen = provenance.kind === 'ceremony' && !provenance.shown;
  return `${phraseProvenance(provenance)}${isOpen ? say('; bring its evidence with --ceremony') : ''}`;
}

function describeComparison(differs: boolean): string {
  return differs ? say('NOT the one whose hash you brought') : say('compared with the hash you brought');
}

function renderAmounts(
  { holdings, statement, totals, insecure, subject, valid }: Report,
  stated: Stated,
): string[][] {
  if (!valid) return [];
  const mark = insecure ? 'INSECURE  ' : '';
  const sections = [
    section(`${mark}${say('Totals owed (the exact sums over all accounts)')}`, renderTotals(totals, stated)),
  ];
  if (subject === 'bundle') return sections;
  const own = holdings.length === 0 ? [say('none')] : renderTotals(holdings, stated);
  const lines =
    statement === null
      ? []
      : [
          section(
            `${mark}${say('Your statement: what your holdings are the sum of')}`,
            renderStatement(statement, stated),
          ),
        ];
  return [
    section(`${mark}${say('Your holdings: compare them with what you know')}`, own),
    ...lines,
    ...sections,
  ];
}

function renderTotals(totals: readonly ReportedTotal[], { assets }: Stated): string[] {
  const decimals = listUnitDecimals(assets);
  return alignColumns(
    [
      [say('Asset'), say('Equity'), say('Debt')],
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
    `${number.padEnd(3)}  ${padResult(result)}  ${title}`,
    `               ${makePrintable(compared)}`,
  ]);
}

function renderCircuits({ circuits, provenance: reported }: Report): string[] {
  const table = alignColumns([
    [say('Circuit'), say('Proofs'), say('Key fingerprint')],
    ...circuits.map(({ name, proofCount, fingerprint }) => [name, formatNumber(proofCount), fingerprint]),
  ]);
  const makers = new Map<string, string[]>();
  for (const { name, provenance } of circuits) {
    const maker = makePrintable(describeProvenance(provenance, { isShown: reported?.shown ?? false }));
    makers.set(maker, [...(makers.get(maker) ?? []), name]);
  }
  const made = [...makers].map(([maker, names]) =>
    say('Made by ({names}): {maker}', { names: names.join(', '), maker }),
  );
  return [...table, ...made.flatMap((line) => wrapLine(line))];
}

function renderStated(stated: Stated): string[] {
  const { scope, assets, quote, previousManifestHash, snapshotHash } = stated;
  const { compared, breaks } = describeReconciliation(stated);
  return [
    `${say('Scope')}: ${makePrintable(scope.included)}`,
    ...scope.excluded.map((line) => `${say('Left out')}: ${makePrintable(line)}`),
    `${say('Previous manifest')}: ${previousManifestHash ?? say('none')}`,
    `${say('Least time between two snapshots')}: ${describeLeastDistance(stated)}`,
    `${say('Snapshot hash')}: ${snapshotHash}`,
    `${say('Books reconciled')}: ${compared}`,
    `${say('Breaks accepted')}: ${breaks}`,
    `${say('Debt written off, in proof units')}: ${describeWriteOffs(stated)}`,
    `${say('Marks of positions')}: ${describeMarkAge(stated)}`,
    ...alignColumns([
      [
        ...[say('Asset'), say('Price in {quote}', { quote }), say('Counts as collateral')],
        ...[say('Rounded, in units'), say('Source')],
      ],
      ...assets.map((asset) => [
        asset.symbol,
        formatAmount(asset.price),
        formatAmount(asset.collateralRatio),
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
