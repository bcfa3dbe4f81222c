import { expect, it } from 'vitest';

import { renderSources } from '../../src/cli/render-sources.js';

const AT = '2026-01-31T00:00:00Z';
const LEDGER = { role: 'ledger', rows: 1234, rowsAfterInstant: 5, ignoredColumns: [] };

it('shows how many rows of each source count, and how many are left out', () => {
  const text = renderSources([LEDGER], AT);
  expect(text).toMatch(/ledger +1,234 +5\n/);
  expect(text).not.toContain('ignored');
  expect(text).not.toContain('Warning');
});

it('names the columns that were ignored', () => {
  const loans = { role: 'loans', rows: 1, rowsAfterInstant: 0, ignoredColumns: ['note', 'id'] };
  expect(renderSources([LEDGER, loans], AT)).toMatch(/loans +1 +0 +note, id\n/);
});

it('warns of a source of which nothing counts, and not of one that is empty', () => {
  const loans = { role: 'loans', rows: 0, rowsAfterInstant: 2, ignoredColumns: [] };
  const orders = { role: 'orders', rows: 0, rowsAfterInstant: 0, ignoredColumns: [] };
  const warnings = renderSources([LEDGER, loans, orders], AT).match(/Warning.*/g);
  expect(warnings).toEqual([
    `Warning: nothing of the source loans counts: all its 2 rows are later than ${AT}. Are its instants in the right zone?`,
  ]);
});
