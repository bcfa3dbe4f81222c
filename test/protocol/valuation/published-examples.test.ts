import { describe, expect, it } from 'vitest';

import type { Instrument, StatementLine } from '../../../src/protocol/index.js';
import { recomputeLines } from '../../../src/protocol/valuation/index.js';
import { deliveryAt, expired, INVERSE, markAt, OPTION, PERPETUAL, positionLine, PUBLISHED } from './lines.js';

const PUBLISHED_WITH_USDC = {
  ...PUBLISHED,
  assets: [...PUBLISHED.assets, { symbol: 'USDC', decimals: 6, price: '1' }],
};
const valueOf = (line: StatementLine) => recomputeLines([line], PUBLISHED_WITH_USDC)[0]!.units;

/** An option on one BTC at a strike of 10,000 USD, as in Deribit's examples. */
const deribit = (right: 'call' | 'put', quantity: string, delivery: string, value: string) =>
  positionLine(
    {
      instrument: expired<Instrument>({ ...OPTION, right, strike: '10000' }),
      quantity,
      quote: deliveryAt(delivery, 'USD'),
    },
    value,
  );

describe('worked examples that venues publish', () => {
  it('BitMEX, "Inverse Futures Guide": 100,000 contracts from 10,000 to 10,500 gain 0.4762 XBT', () => {
    const line = positionLine(
      {
        instrument: { ...INVERSE, contractSize: '1' },
        quantity: '100000',
        entryPrice: '10000',
        quote: markAt('10500', 'USD'),
      },
      '0.47619048',
    );
    expect(valueOf(line)).toBe(47_619_048n);
  });

  it('BitMEX, "ETHUSD Series Guide": a quanto pays (exit - entry) · multiplier · contracts in XBT', () => {
    const line = positionLine(
      {
        instrument: {
          ...PERPETUAL,
          name: 'ETHUSD',
          underlying: 'ETH',
          settlementAsset: 'BTC',
          contractSize: '0.000001',
        },
        quantity: '1000',
        entryPrice: '500',
        // The multiplier turns one dollar into a part of a bitcoin: the price counts as one of the settlement asset.
        quote: markAt('700', 'BTC'),
      },
      '0.2',
    );
    expect(valueOf(line)).toBe(20_000_000n);
  });

  it('Bybit, "P&L calculations (USDT contracts)": 0.2 BTC from 7,000 to 7,500 gain 100 USDT, 0.4 short 400', () => {
    const coin = { ...PERPETUAL, contractSize: '1' };
    const long = { instrument: coin, quantity: '0.2', entryPrice: '7000', quote: markAt('7500', 'USDT') };
    const short = { instrument: coin, quantity: '-0.4', entryPrice: '6000', quote: markAt('5000', 'USDT') };
    expect(valueOf(positionLine(long, '100'))).toBe(10_000n);
    expect(valueOf(positionLine(short, '400'))).toBe(40_000n);
  });

  it('Deribit, "Options": what calls and puts at 10,000 pay in BTC', () => {
    expect(valueOf(deribit('call', '1', '12500', '0.2'))).toBe(20_000_000n);
    expect(valueOf(deribit('put', '1', '5000', '1'))).toBe(100_000_000n);
    expect(valueOf(deribit('put', '-1', '10001', '0'))).toBe(0n);
    expect(valueOf(deribit('call', '-1', '9999', '0'))).toBe(0n);
  });

  it('Deribit, "Linear USDC Options": a SOL call at 250 with a multiplier of 10 pays 250 USDC at 275', () => {
    const line = positionLine(
      {
        instrument: expired<Instrument>({
          ...OPTION,
          name: 'SOL_USDC-250-C',
          underlying: 'SOL',
          settlementAsset: 'USDC',
          contractSize: '10',
          strike: '250',
        }),
        quantity: '1',
        quote: deliveryAt('275', 'USDC'),
      },
      '250',
    );
    expect(valueOf(line)).toBe(250_000_000n);
  });
});
