import { parseSignedDecimal, type StatementLine } from '../../protocol/index.js';
import {
  alignColumns,
  COMPONENT_WORDS,
  describeGroup,
  formatMoney,
  groupLines,
  makePrintable,
} from '../../presentation/index.js';
import type { Stated } from '../report.js';

/** A statement line by line: what is netted together under one heading, with its net. */
export function renderStatement(lines: readonly StatementLine[], { assets }: Stated): string[] {
  if (lines.length === 0) return ['no lines: there is nothing that you hold or owe'];
  const decimals = new Map(assets.map(({ symbol, decimals: digits }) => [symbol, digits]));
  const groups = groupLines(lines);
  const rows = alignColumns(
    groups.flatMap((group) => {
      const digits = decimals.get(group[0]!.asset)!;
      const nets = group.map(({ value }) => toUnits(value, digits));
      const net = nets.reduce((sum, units) => sum + units, 0n);
      return [
        ...group.map((line, place) => [
          `  ${describeLine(line)}`,
          line.quantity === null ? '' : groupDigits(line.quantity),
          describePrice(line),
          formatUnits(nets[place]!, digits),
        ]),
        [net < 0n ? '  You owe' : '  You hold', '', '', formatUnits(net < 0n ? -net : net, digits)],
      ];
    }),
    [1, 3],
  );
  let start = 0;
  return groups.flatMap((group) => [
    makePrintable(describeGroup(group[0]!)),
    ...rows.slice(start, (start += group.length + 1)).map(makePrintable),
    ...listSources(group).map((source) => `  ${makePrintable(source)}`),
  ]);
}

function describeLine({ kind, instrument, reference }: StatementLine): string {
  const named = instrument === null ? COMPONENT_WORDS[kind] : `${COMPONENT_WORDS[kind]} ${instrument}`;
  return reference === '' ? named : `${named} (${reference})`;
}

function describePrice({ price, priceAsset, entryPrice }: StatementLine): string {
  if (price === null) return '';
  const now = `at ${groupDigits(price)}${priceAsset === null ? '' : ` ${priceAsset}`}`;
  return entryPrice === null ? now : `${now}, entered at ${groupDigits(entryPrice)}`;
}

/** Where the prices of some lines come from, each source and instant once. */
function listSources(lines: readonly StatementLine[]): string[] {
  const sources = lines.flatMap(({ instrument, priceAsset, priceSource, pricedAt }) =>
    priceSource === null
      ? []
      : [
          `Price of ${instrument ?? priceAsset ?? 'it'}: ${priceSource}${pricedAt === null ? '' : `, ${pricedAt}`}`,
        ],
  );
  return [...new Set(sources)];
}

function toUnits(value: string, decimals: number): bigint {
  const { coefficient, fractionDigits } = parseSignedDecimal(value);
  return coefficient * 10n ** BigInt(decimals - fractionDigits);
}

function formatUnits(units: bigint, decimals: number): string {
  return units < 0n ? `-${formatMoney(String(-units), decimals)}` : formatMoney(String(units), decimals);
}

/** A decimal with its thousands apart: `-61,234.5`. */
function groupDigits(text: string): string {
  const [whole = '', fraction] = text.split('.');
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}
