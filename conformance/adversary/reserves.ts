import { ed25519 } from '@noble/curves/ed25519.js';

import { encodeJsonLine, formatManifestHash } from '../../src/protocol/index.js';
import { encodePins, type Pins } from '../../src/protocol/reserves/index.js';
import type { ReservesSigner } from '../../src/reserves/index.js';
import { createEcdsaVerifier } from '../../src/verifier/node/signer-recovery.js';
import type { Liabilities } from '../../src/verifier/reserves/index.js';
import {
  surveyReserves,
  type ReservesDraft,
  type ReservesSurvey,
} from '../../src/verifier/reserves/making.js';
import { ATTACKS, makeHonest, type Honest, type Told } from './reserves/attacks.js';
import { AUDIT_ATTACKS, makeAudited } from './reserves/audits.js';
import { BITCOIN_ATTACKS, BITCOIN_TWINS } from './reserves/bitcoin/attacks.js';
import { makeBitcoinWorld, type BitcoinWorld } from './reserves/bitcoin/world.js';
import { publishLie, TAKEN_AT } from './reserves/world.js';
import type { CaseFiles } from './all.js';
import { batches, platform } from './case.js';
import { publish, type Published } from './world.js';

/** The assets of the reserves that are lied about, in the order of the exchange's own. */
const SYMBOLS = ['BTC', 'USDT', 'USDC', 'ETH', 'SOL'] as const;

/** Honest accounts, and lies that start from them. */
type Family = {
  readonly twins: readonly Telling[];
  readonly attacks: readonly (Telling & { readonly code: CaseFiles['expected'] })[];
};
type Telling = { readonly name: string; readonly make: () => Promise<Told> | Told };

/**
 * Every lie about reserves whose name has some text, as files: each signed by its platform, beside a bundle that is valid. The
 * honest reserves come first.
 */
export async function listReservesCaseFiles(
  toFiles: (published: Published) => Promise<Record<string, Uint8Array>>,
  namePart = '',
): Promise<CaseFiles[]> {
  const published = publishOwed();
  const owed = stateOwed(published);
  const signer = {
    publicKey: owed.signingKey,
    sign: (message: Uint8Array) => ed25519.sign(message, platform.signingSecret),
  };
  const families = [listAccountCases(owed, signer), listOutputCases(owed, signer)];
  const named = families.flatMap(({ twins, attacks }) => [
    ...twins.map(({ name, make }) => ({ name: `honest twin: ${name}`, expected: 'valid' as const, make })),
    ...attacks.map(({ name, code, make }) => ({ name: `reserves: ${name}`, expected: code, make })),
  ]);
  const wanted = named.filter(({ name }) => name.includes(namePart));
  if (wanted.length === 0) return [];
  const beside = { ...(await toFiles(published)), 'trust.json': encodeJsonLine(platform.trust) };
  const cases: CaseFiles[] = [];
  for (const { name, expected, make } of wanted) {
    const { files, reader } = await make();
    // What a reader believes of the bundle is the bundle's own here: a case that changes that is no case of files.
    if (reader.world.liabilities !== owed) continue;
    cases.push({
      ...{ name, expected, subject: 'reserves', allowDevelopmentKeys: true },
      files: {
        ...beside,
        ...Object.fromEntries([...files].map(([path, bytes]) => [`reserves/${path}`, bytes])),
        'pins.json': encodePins(reader.pins),
      },
    });
  }
  return cases.sort((a, b) => Number(a.expected !== 'valid') - Number(b.expected !== 'valid'));
}

/** Wallets of EVM chains, custodians, and auditors beside them. */
function listAccountCases(owed: Liabilities, signer: ReservesSigner): Family {
  let made: Promise<Honest> | undefined;
  const honest = () => (made ??= makeHonest(owed, signer));
  return {
    twins: [
      {
        name: 'the reserves',
        make: async () => {
          const { built, survey } = await honest();
          return { files: publishLie(built.draft, survey, signer), reader: built };
        },
      },
      { name: 'the reserves, with an audit', make: async () => makeAudited(await honest()) },
    ],
    attacks: [...ATTACKS, ...AUDIT_ATTACKS].map(({ name, code, make }) => ({
      ...{ name, code },
      make: async () => make(await honest()),
    })),
  };
}

/** Outputs of Bitcoin. */
function listOutputCases(owed: Liabilities, signer: ReservesSigner): Family {
  let made: BitcoinWorld | undefined;
  const honest = () => (made ??= makeBitcoinWorld({ owed }));
  const verify = createEcdsaVerifier();
  const survey = async ({ draft, pins }: ReturnType<(typeof BITCOIN_ATTACKS)[number]['make']>) =>
    surveyReserves(draft, { pins, liabilities: owed, verify: await verify });
  const tell = (draft: ReservesDraft, pins: Pins, found: ReservesSurvey): Told => ({
    files: publishLie(draft, found, signer),
    reader: { pins, world: { liabilities: owed } as never },
  });
  let honestly: Promise<ReservesSurvey> | undefined;
  return {
    twins: BITCOIN_TWINS.map(({ name, make }) => ({
      name,
      make: async () => {
        const { draft, pins } = make(honest());
        return tell(draft, pins, await survey({ draft, pins }));
      },
    })),
    attacks: BITCOIN_ATTACKS.map(({ name, code, make }) => ({
      ...{ name, code },
      make: async () => {
        // Signed over the sums of the honest account, and with what its maker wants in its files.
        const { totals, nodes } = await (honestly ??= survey(honest()));
        const { draft, pins } = make(honest());
        return tell(draft, pins, { totals, nodes });
      },
    })),
  };
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
