import { describe, expect, it } from 'vitest';

import { describeWriteOffs } from '../../src/presentation/index.js';

describe('debts that were written off', () => {
  it('are none where no account had one, and counted where one had', () => {
    expect(describeWriteOffs({ writeOffs: { accounts: 0, debts: [] } })).toBe('none');
    expect(describeWriteOffs({ writeOffs: { accounts: 1, debts: [{ asset: 'USDT', debt: '7' }] } })).toBe(
      'USDT 7, of 1 account',
    );
  });
});
