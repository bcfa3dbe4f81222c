import { beforeAll, describe, expect, it } from 'vitest';

import { recoverWithLibauth } from '../../../../src/verifier/node/libauth.js';
import { surveyReserves } from '../../../../src/verifier/reserves/making.js';
import { liabilities, publishLie, verify } from '../world.js';
import { makeBitcoinWorld, publishOutputs, type BitcoinWorld } from './world.js';

const bitcoinOnly = { ...liabilities, assets: liabilities.assets.filter(({ asset }) => asset === 'BTC') };
const reader = (world: BitcoinWorld) => ({ pins: world.pins, world: { liabilities: bitcoinOnly } as never });

describe('outputs of Bitcoin', () => {
  let world: BitcoinWorld;
  beforeAll(() => {
    world = makeBitcoinWorld();
  });

  it('are proven by a spend after the instant, and signed for where they have not moved', async () => {
    const survey = await surveyReserves(world.draft, { pins: world.pins, liabilities: bitcoinOnly });
    const report = await verify(publishLie(world.draft, survey), reader(world), {
      recover: recoverWithLibauth,
    });
    expect(report.checks.filter(({ result }) => result === 'failed')).toEqual([]);
    expect(report).toMatchObject({ valid: true, outcome: 'short' });
    expect(report.assets[0]!.cells).toEqual([
      { balance: 'proven', control: 'spent', amount: '30000003' },
      { balance: 'proven', control: 'signed', amount: '10000009' },
      { balance: 'reproducible', control: 'signed', amount: '60000033' },
    ]);
    expect(report.assets[0]!.encumbered).toBe('5000000000');
  });

  it('are all that is shown: what nothing needs is refused', async () => {
    const files = await publishOutputs(world);
    expect(files.size).toBe(6);
  });
});
