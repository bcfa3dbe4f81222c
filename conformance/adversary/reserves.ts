import { ed25519 } from '@noble/curves/ed25519.js';

import { encodeJsonLine, formatManifestHash } from '../../src/protocol/index.js';
import { encodePins } from '../../src/protocol/reserves/index.js';
import type { Liabilities } from '../../src/verifier/reserves/index.js';
import { ATTACKS, makeHonest, type Told } from '../../test/verifier/reserves/attacks.js';
import { publishLie, TAKEN_AT } from '../../test/verifier/reserves/world.js';
import type { CaseFiles } from './all.js';
import { batches, platform } from './case.js';
import { publish, type Published } from './world.js';

/** The assets of the reserves that are lied about, in the order of the exchange's own. */
const SYMBOLS = ['BTC', 'USDT', 'USDC', 'ETH', 'SOL'] as const;

/**
 * Every lie about reserves whose name has some text, as files: each signed by its platform, beside a bundle that is valid. The
 * honest reserves come first.
 */
export async function listReservesCaseFiles(
  toFiles: (published: Published) => Promise<Record<string, Uint8Array>>,
  namePart = '',
): Promise<CaseFiles[]> {
  const named = ATTACKS.map((attack) => ({ ...attack, name: `reserves: ${attack.name}` }));
  const wanted = named.filter(({ name }) => name.includes(namePart));
  const twin = 'honest twin: the reserves';
  if (wanted.length === 0 && !twin.includes(namePart)) return [];
  const published = publishOwed();
  const beside = { ...(await toFiles(published)), 'trust.json': encodeJsonLine(platform.trust) };
  const owed = stateOwed(published);
  const honest = await makeHonest(owed, {
    publicKey: owed.signingKey,
    sign: (message) => ed25519.sign(message, platform.signingSecret),
  });
  const toCase = (name: string, expected: CaseFiles['expected'], { files, reader }: Told): CaseFiles => ({
    ...{ name, expected, subject: 'reserves', allowDevelopmentKeys: true },
    files: {
      ...beside,
      ...Object.fromEntries([...files].map(([path, bytes]) => [`reserves/${path}`, bytes])),
      'pins.json': encodePins(reader.pins),
    },
  });
  const cases: CaseFiles[] = [];
  if (twin.includes(namePart)) {
    const files = publishLie(honest.built.draft, honest.survey, honest.signer);
    cases.push(toCase(twin, 'valid', { files, reader: honest.built }));
  }
  for (const { name, code, make } of wanted) {
    const told = await make(honest);
    // What a reader believes of the bundle is the bundle's own here: a case that changes that is no case of files.
    if (told.reader.world.liabilities === owed) cases.push(toCase(name, code, told));
  }
  return cases;
}

/** The bundle of the honest exchange, with the assets and the instant of the reserves. */
function publishOwed(): Published {
  return publish(platform, batches, {
    manifest: (manifest) => {
      manifest.takenAt = TAKEN_AT;
      manifest.assets.forEach((asset, index) => {
        Object.assign(asset, { symbol: SYMBOLS[index], pricedAt: null, maxPriceAgeMs: null });
      });
      manifest.totals.forEach((total, index) => Object.assign(total, { asset: SYMBOLS[index] }));
    },
  });
}

function stateOwed({ manifest }: Published): Liabilities {
  const { takenAt, snapshotHash, totals, assets } = manifest;
  return {
    ...{ platform: manifest.platform, takenAt, snapshotHash, manifestHash: formatManifestHash(manifest) },
    ...{
      manifestHashCompared: false,
      signingKey: platform.trust.signingKey,
      trustHash: null,
      insecure: true,
    },
    assets: totals.map(({ asset, equity, debt }, index) => ({
      asset,
      decimals: assets[index]!.decimals,
      equityUnits: BigInt(equity),
      debtUnits: BigInt(debt),
    })),
  };
}
