import type { InclusionFile, Trust } from '../../src/protocol/index.js';
import type { BundleSource, FailureCode, UnverifiableCode, VerifyOptions } from '../../src/verifier/index.js';
import { commitRun, type Batch, type PlannedBatch } from './batches.js';
import { idOfUser, planExchange } from './exchange.js';
import {
  makeInclusion,
  makePlatform,
  publish,
  reseal,
  toSource,
  type Lies,
  type Platform,
  type Published,
} from './world.js';

/** The honest exchange that every case starts from. */
export const platform: Platform = makePlatform('honest');
export const batches: readonly Batch[] = commitRun(planExchange());
export const honest: Published = publish(platform, batches);

/** What a verifier is given in place of the honest files; what is not named stays honest. */
export type Attack = {
  readonly source?: BundleSource | undefined;
  readonly trust?: Trust | undefined;
  readonly options?: Partial<VerifyOptions>;
};

/** An attack on a bundle and the code that it must be refused with. It changes `published`, or returns more. */
export type BundleCase = {
  readonly name: string;
  readonly code: FailureCode | UnverifiableCode;
  readonly attack: (published: Published) => Attack | undefined;
};

/** An attack on an inclusion file of `userId` and the code that it must be refused with. */
export type InclusionCase = {
  readonly name: string;
  readonly code: FailureCode | UnverifiableCode;
  /** Whose honest file the case starts from; lea, who has debt, unless another is named. */
  readonly of?: UserName;
  readonly attack: (file: InclusionFile, published: Published) => InclusionAttack | undefined;
};

export type InclusionAttack = Attack & { readonly bytes?: Uint8Array; readonly userId?: string };

const USERS = ['ann', 'bob', 'eve', 'nil', 'dan', 'gus', 'kim', 'lea', 'ivy', 'max', 'wid'] as const;

export type UserName = (typeof USERS)[number];

/** Honest inclusion files, by the first three letters of the id. */
export const FILES = Object.fromEntries(
  USERS.map((name) => [name, makeInclusion(honest, idOfUser(name))]),
) as Readonly<Record<UserName, InclusionFile>>;

/** A copy of the published files of the honest exchange, to be changed. */
export function copyHonest(): Published {
  const { batches: made, ...files } = honest;
  return { ...structuredClone(files), batches: made };
}

/** The exchange with other rows, masks or lists, and everything that follows from them: what a liar publishes. */
export function publishLie(change: (planned: PlannedBatch[]) => void, lies: Lies = {}): Published {
  const planned = planExchange().map((batch) => ({ ...batch, rows: [...batch.rows] }));
  change(planned);
  return publish(platform, commitRun(planned), lies);
}

/** Publishes other batches than the honest ones. */
export function publishBatches(made: readonly Batch[], lies: Lies = {}): Published {
  return publish(platform, made, lies);
}

/** The attack of a whole bundle. */
export function asAttack(published: Published): Attack {
  return { source: toSource(published) };
}

/** A case in which the platform changes its manifest, and seals, proves and signs everything for it. */
export function sealed(
  name: string,
  code: BundleCase['code'],
  change: (manifest: Published['manifest'], published: Published) => void,
): BundleCase {
  return {
    name,
    code,
    attack: (published) => {
      change(published.manifest, published);
      reseal(platform, published);
      return undefined;
    },
  };
}

/** A case in which the platform publishes other batches, or makes something of them in another way. */
export const lie = (name: string, code: BundleCase['code'], make: () => Published): BundleCase => ({
  name,
  code,
  attack: () => asAttack(make()),
});

/** Puts another row in the place of one. */
export function replaceRow(
  planned: PlannedBatch[],
  [batch, row]: readonly [number, number],
  made: PlannedBatch['rows'][number],
): void {
  const rows = [...planned[batch]!.rows];
  rows[row] = made;
  planned[batch] = { ...planned[batch]!, rows };
}
