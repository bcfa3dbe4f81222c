import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { makeDemoWork } from '../../scripts/reserves/demo-work.js';
import { composeReserves, importSignatures, loadWork } from '../../src/reserves/index.js';
import { liabilities, platformKey, verify } from '../../conformance/adversary/reserves/world.js';

const takenAt = '2026-01-31T00:00:00Z';
let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'solvent-demonstration-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

describe('the captured reserves of the demonstration', () => {
  it('hold Bitcoin proven by a spend and signed, and say what settles the signed', async () => {
    const at = (name: string) => join(directory, name);
    const head = { ...liabilities, takenAt, platform: 'Example Options' };
    const { platform, snapshotHash, signingKey } = head;
    const paths = { work: at('work'), signatures: at('signatures.csv'), pins: at('pins.json') };
    await makeDemoWork({ platform, takenAt, snapshotHash, signingKey }, paths);
    const work = await loadWork(paths.work);
    const signed = { ...work, ...importSignatures(work, await readFile(paths.signatures)) };
    const assets = [...new Set(work.entries.map(({ asset }) => asset))].sort().map((asset) => ({
      ...{ asset, decimals: 8, equityUnits: asset === 'BTC' ? 132_741_691n : 1n, debtUnits: 0n },
    }));
    const owed = { ...head, assets };
    const files = await composeReserves(signed, {
      ...{ liabilities: owed, signer: platformKey, previousReservesHash: null, unsignedAsStated: false },
    });
    const report = await verify(files, { pins: work.pins, world: { liabilities: owed } as never });
    expect(report).toMatchObject({ valid: true, outcome: 'covered' });
    expect(report.assets.find(({ asset }) => asset === 'BTC')!.cells).toEqual([
      { balance: 'proven', control: 'spent', amount: '139378776' },
      { balance: 'reproducible', control: 'signed', amount: '66370845' },
    ]);
    expect(report.notShown.join('\n')).toMatch(/bitcoin-cli gettxout [0-9a-f]{64} 1 false/);
  });
});
