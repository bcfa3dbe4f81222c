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
} from '../../presentation/index.js';
import type { Stated } from '../report.js';

/** A statement line by line: what is netted together under one heading, with its net. */
export function renderStatement(lines: readonly StatementLine[], { assets }: Stated): string[] {
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
