import { join } from 'node:path';

import { ATTRIBUTION_FILES, PARTS, type AttributionSummary } from '../analysis/index.js';
import {
  formatCount,
  formatMoney,
  formatNumber,
  renderTable,
  toNumberColumn,
} from '../presentation/index.js';

/** Digits of the worths in a summary, and those of them that are shown. */
const MICROS = 6;
const SHOWN_DIGITS = 2;

/** An attribution at a glance: all users together in the quote currency, part by part, and where the rest is. */
export function renderAttributionText(summary: AttributionSummary, directory: string): string {
  const { from, to, accountCount, rowCount, venue, quote, withoutGreeks, performance } = summary;
  const rows = PARTS.map((part) => {
    const micros = venue.reduce((sum, { parts }) => sum + BigInt(parts[part].quoteMicros), 0n);
    return [part, formatMoney((micros / 10n ** BigInt(MICROS - SHOWN_DIGITS)).toString(), SHOWN_DIGITS)];
  });
  return [
    `Attributed ${formatCount(accountCount, 'account')} (${formatNumber(rowCount)} of their assets and margin buckets) from ${from.takenAt} to ${to.takenAt}.\n\n`,
    renderTable([{ title: 'all users' }, toNumberColumn(quote)], rows),
    '\n',
    `${formatCount(performance.withReturn, 'account')} with a return: ${formatNumber(performance.gained)} won, ${formatNumber(performance.lost)} lost. ${formatNumber(performance.linked)} are of the returns between flows, ${formatNumber(performance.withReturn - performance.linked)} of Modified Dietz.\n`,
    withoutGreeks.length === 0
      ? ''
      : `Without forward or volatility, all of their change in the remainder: ${withoutGreeks.join(', ')}.\n`,
    `\n  parts    ${join(directory, ATTRIBUTION_FILES.parts)}, ${ATTRIBUTION_FILES.partsCsv}\n`,
    `  returns  ${join(directory, ATTRIBUTION_FILES.performance)}, ${ATTRIBUTION_FILES.performanceCsv}\n`,
    `  report   ${join(directory, ATTRIBUTION_FILES.report)}\n`,
  ].join('');
}
