import { beforeAll, describe, expect, it } from 'vitest';

import { recoverWithLibauth } from '../../../../src/verifier/node/signer-recovery.js';
import { surveyReserves, type ReservesSurvey } from '../../../../src/verifier/reserves/making.js';
import { verifyReserves } from '../../../../src/verifier/reserves/index.js';
import { liabilities, publishLie, verify } from '../../../../conformance/adversary/reserves/world.js';
import {
  BITCOIN_ATTACKS,
  BITCOIN_TWINS,
} from '../../../../conformance/adversary/reserves/bitcoin/attacks.js';
import {
  makeBitcoinWorld,
  type BitcoinWorld,
} from '../../../../conformance/adversary/reserves/bitcoin/world.js';

const bitcoinOnly = { ...liabilities, assets: liabilities.assets.filter(({ asset }) => asset === 'BTC') };
const reader = (world: BitcoinWorld) => ({ pins: world.pins, world: { liabilities: bitcoinOnly } as never });

describe('outputs of Bitcoin', () => {
  let world: BitcoinWorld;
  let honest: ReservesSurvey;
  beforeAll(async () => {
    world = makeBitcoinWorld();
    const { totals, nodes } = await surveyReserves(world.draft, { pins: world.pins, liabilities });
    honest = { totals, nodes };
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

  it('are the same where Node reads the files as Buffers, whose slices are views', async () => {
    const files = publishLie(
      world.draft,
      await surveyReserves(world.draft, { pins: world.pins, liabilities: bitcoinOnly }),
    );
    const buffers = new Map([...files].map(([name, bytes]) => [name, Buffer.from(bytes)]));
    const report = await verifyReserves(
      {
        reserves: buffers.get('reserves.json')!,
        signature: buffers.get('reserves.sig.json')!,
        readFile: (name) => Promise.resolve(buffers.get(name)!),
      },
      { bundle: { outcome: 'valid', liabilities: bitcoinOnly }, pins: world.pins },
    );
    expect(report).toEqual(await verify(files, reader(world)));
    expect(report.valid).toBe(true);
  });

  it('are counted at no level that nothing shows, with what an auditor asks a node', async () => {
    const files = publishLie(
      world.draft,
      await surveyReserves(world.draft, { pins: world.pins, liabilities: bitcoinOnly }),
    );
    const proven = await verify(files, reader(world), { level: 'proven' });
    const asked = await verify(files, reader(world), { level: 'reproducible' });
    expect([proven.assets[0]!.held, asked.assets[0]!.held]).toEqual(['40000012', '100000045']);
    expect(proven.blocks).toMatchObject([{ number: 130, hash: world.miner.hashOf(130) }]);
  });

  it.each(BITCOIN_TWINS)('are believed where they only look like a lie: $name', async ({ make }) => {
    const { draft, pins } = make(world);
    const survey = await surveyReserves(draft, { pins, liabilities: bitcoinOnly });
    const report = await verify(publishLie(draft, survey), { ...reader(world), pins });
    expect(report).toMatchObject({ valid: true });
  });

  it.each(BITCOIN_ATTACKS.map(({ name, ...attack }) => [name, attack] as const))(
    'are refused: %s',
    async (_, attack) => {
      const { draft, pins } = attack.make(world);
      const report = await verify(publishLie(draft, honest), { pins, world: { liabilities } as never });
      expect(report).toMatchObject({ valid: false, code: attack.code });
    },
  );
});
