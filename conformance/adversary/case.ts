import type { InclusionFile, Trust } from '../../src/protocol/index.js';
import type {
  BundleSource,
  FailureCode,
  ManifestSource,
  UnverifiableCode,
  VerifyOptions,
} from '../../src/verifier/index.js';
import { growTree, makeInclusion, makePlatform, publish, type Platform, type Published } from './world.js';

/** The honest exchange that every case starts from. */
export const platform: Platform = makePlatform('honest');
export const tree = growTree();
export const honest: Published = publish(platform, { nodes: Object.values(tree), top: tree.top });

/** What a verifier is given in place of the honest files; what is not named stays honest. */
export type Attack = {
  readonly source?: BundleSource | ManifestSource | undefined;
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
  readonly of?: keyof typeof FILES;
  readonly attack: (file: InclusionFile, published: Published) => InclusionAttack | undefined;
};

export type InclusionAttack = Attack & { readonly bytes?: Uint8Array; readonly userId?: string };

const file = (userId: string, path: Parameters<typeof makeInclusion>[2]['path']) =>
  makeInclusion(platform, honest, { userId, path });

/** Honest inclusion files, by the first three letters of the id. */
export const FILES = {
  ann: file('ann@example.org', [tree.first, tree.left, tree.top]),
  bob: file('bob@example.org', [tree.first, tree.left, tree.top]),
  eve: file('eve@example.org', [tree.second, tree.left, tree.top]),
  dan: file('dan@example.org', [tree.third, tree.left, tree.top]),
  lea: file('lea@example.org', [tree.fourth, tree.right, tree.top]),
} as const;
