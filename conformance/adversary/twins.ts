import { encodeInclusion, hashTrust, type StatementLine } from '../../src/protocol/index.js';
import { commitRun } from './batches.js';
import { idOfUser, makeRow, ownerOf, planExchange } from './exchange.js';
import { LAYOUTS, MARGIN_3 } from './platform.js';
import { CEREMONY_TWINS } from './ceremony.js';
import { PUBLICATION_TWINS } from './publication.js';
import { ofReconciled } from './owners.js';
import { HOLDINGS } from './statement.js';
import { VALUED_LINES } from './valuation.js';
import { makeCeremony, makeInclusion, makePlatform, publish, toSource, type Platform } from './world.js';
import { batches, FILES, platform, type Attack, type InclusionAttack, type UserName } from './case.js';

/** What an attack starts from, or what looks like one and is none: it must be valid. */
export type BundleTwin = { readonly name: string; readonly make: () => Attack };
export type InclusionTwin = {
  readonly name: string;
  readonly of: UserName;
  readonly make: () => InclusionAttack;
};

/** A run of some of the honest batches, under circuits of their own alone. */
function runOf(first: number, end: number): Attack {
  const planned = planExchange().slice(first, end);
  const some = makePlatform(
    'honest',
    LAYOUTS.filter((layout) => planned.some((batch) => batch.layout === layout)),
  );
  const published = publish(some, commitRun(planned), {
    // Some assets have no equity in some of the batches, and then none that was rounded.
    manifest: (manifest) => {
      manifest.rounding = [];
    },
  });
  return { source: toSource(published), trust: some.trust };
}

/** The honest exchange under keys of a ceremony, which need no leave. */
function underCeremony(): Attack {
  const circuits = platform.trust.circuits.map((pin) => ({ ...pin, provenance: makeCeremony() }));
  const sworn: Platform = { ...platform, trust: { ...platform.trust, circuits } };
  return {
    source: toSource(publish(sworn, batches)),
    trust: sworn.trust,
    options: { allowDevelopmentKeys: false },
  };
}

export const BUNDLE_TWINS: readonly BundleTwin[] = [
  ...PUBLICATION_TWINS,
  ...CEREMONY_TWINS,
  { name: 'the bundle', make: () => ({}) },
  {
    name: 'the bundle, whose manifest hash is known',
    make: () => ({ options: { manifestHash: FILES.lea.manifestHash } }),
  },
  {
    name: 'the bundle, whose trust file and previous manifest are known',
    make: () => ({
      options: { trustHash: hashTrust(platform.trust), previousManifestHash: 'cd'.repeat(32) },
    }),
  },
  { name: 'a run without debts', make: () => runOf(0, 3) },
  { name: 'a run of margin rows alone', make: () => runOf(3, 6) },
  { name: 'a run of one batch', make: () => runOf(0, 1) },
  { name: 'a run of one row', make: () => runOf(5, 6) },
  { name: 'a run under keys of a ceremony', make: underCeremony },
  {
    name: 'a trust file of development keys that serves any platform',
    make: () => ({ trust: { ...platform.trust, platform: null } }),
  },
  {
    name: 'the first manifest of a platform',
    make: () => ({
      source: toSource(
        publish(platform, batches, {
          manifest: (manifest) => {
            Object.assign(manifest, { previousManifestHash: null, maxMarkAgeMs: null });
          },
        }),
      ),
    }),
  },
];

/** The file of a user with a row of 1 BTC and -2 USDT, and a statement of some lines. */
function withLines(lines: readonly StatementLine[]): InclusionAttack {
  const planned = planExchange().map((batch) => ({ ...batch, rows: [...batch.rows] }));
  planned[3]!.rows[2] = makeRow(MARGIN_3, ownerOf('leo', [1, 1], lines), HOLDINGS);
  const published = publish(platform, commitRun(planned));
  const userId = idOfUser('leo');
  return { source: toSource(published), bytes: encodeInclusion(makeInclusion(published, userId)), userId };
}

export const INCLUSION_TWINS: readonly InclusionTwin[] = [
  {
    name: 'the file of ann, with a statement of reconciled books',
    of: 'ann',
    make: () => ofReconciled('ann'),
  },
  ...Object.entries(VALUED_LINES).map(([name, lines]) => ({
    name: `the file of a user with ${name}`,
    of: 'lea' as const,
    make: () => withLines(lines),
  })),
  ...(Object.keys(FILES) as UserName[]).map((of) => ({ name: `the file of ${of}`, of, make: () => ({}) })),
  {
    name: 'the file of lea, who typed spaces around her id',
    of: 'lea',
    make: () => ({ userId: `  ${idOfUser('lea')}\t` }),
  },
  {
    name: 'the file of a user who typed their id in another normalisation',
    of: 'bob',
    make: () => {
      const planned = planExchange();
      const [row] = planned[0]!.rows;
      const userId = 'zo\u00eb@example.org';
      const rows = [{ ...row!, owner: { userId, part: 1, partCount: 1 } }, ...planned[0]!.rows.slice(1)];
      const published = publish(platform, commitRun([{ ...planned[0]!, rows }, ...planned.slice(1)]));
      return {
        source: toSource(published),
        bytes: encodeInclusion(makeInclusion(published, userId)),
        userId: 'zoe\u0308@example.org',
      };
    },
  },
];
