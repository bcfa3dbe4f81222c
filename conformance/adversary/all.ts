import {
  encodeInclusion,
  encodeJsonLine,
  concatBytes,
  BUNDLE_FILES,
  type InclusionFile,
} from '../../src/protocol/index.js';
import type { BundleSource, Pieces } from '../../src/verifier/index.js';
import type { ReservesFailureCode, ReservesUnverifiableCode } from '../../src/verifier/reserves/index.js';
import { listReservesCaseFiles } from './reserves.js';
import { toSource } from './world.js';
import {
  copyHonest,
  FILES,
  honest,
  platform,
  type Attack,
  type BundleCase,
  type InclusionAttack,
  type InclusionCase,
} from './case.js';
import { CEREMONY_CASES } from './ceremony.js';
import { COVER_CASES } from './cover.js';
import { OWNER_CASES } from './owners.js';
import { TOTAL_CASES, TRAPDOOR_CASES } from './totals.js';
import { WEIGHT_CASES } from './weights.js';
import { FILE_CASES } from './files.js';
import { KEY_CASES } from './keys.js';
import { LIST_CASES } from './lists.js';
import { MANIFEST_CASES } from './manifests.js';
import { ORIGIN_CASES } from './origin.js';
import { PLACEMENT_CASES } from './placement.js';
import { PROOF_CASES } from './proofs.js';
import { READING_CASES } from './reading.js';
import { PUBLICATION_CASES } from './publication.js';
import { ROW_CASES } from './rows.js';
import { STATEMENT_CASES } from './statement.js';
import { VALUATION_CASES } from './valuation.js';
import { BUNDLE_TWINS, INCLUSION_TWINS } from './twins.js';

export const BUNDLE_CASES: readonly BundleCase[] = [
  ...READING_CASES,
  ...LIST_CASES,
  ...ORIGIN_CASES,
  ...KEY_CASES,
  ...MANIFEST_CASES,
  ...PROOF_CASES,
  ...TOTAL_CASES,
  ...COVER_CASES,
  ...WEIGHT_CASES,
  ...PUBLICATION_CASES,
  ...CEREMONY_CASES,
];
export const INCLUSION_CASES: readonly InclusionCase[] = [
  ...FILE_CASES,
  ...PLACEMENT_CASES,
  ...ROW_CASES,
  ...OWNER_CASES,
  ...STATEMENT_CASES,
  ...VALUATION_CASES,
  ...TRAPDOOR_CASES,
];

/** What a verifier is given for a case on a bundle. */
export type BundleInput = Required<Pick<Attack, 'options'>> & {
  readonly source: BundleSource;
  readonly trust: Attack['trust'];
};

/** What a verifier is given for a case on an inclusion file. */
export type InclusionInput = Omit<BundleInput, 'source'> & {
  readonly source: BundleSource | undefined;
  readonly bytes: Uint8Array;
  readonly userId: string;
};

/** The files of a case on a bundle, as the attack leaves them. */
export function prepareBundle({ attack }: Pick<BundleCase, 'attack'>): BundleInput {
  const published = copyHonest();
  const result = attack(published) ?? {};
  return { ...complete(result), source: result.source ?? toSource(published) };
}

/** The files of a case on an inclusion file, as the attack leaves them. */
export function prepareInclusion({
  attack,
  of = 'lea',
}: Pick<InclusionCase, 'attack' | 'of'>): InclusionInput {
  const file: InclusionFile = structuredClone(FILES[of]);
  const { userId } = file;
  const result: InclusionAttack = attack(file, honest) ?? {};
  return {
    ...complete(result),
    source: 'source' in result ? result.source : toSource(honest),
    bytes: result.bytes ?? encodeInclusion(file),
    userId: result.userId ?? userId,
  };
}

function complete(result: Attack): Pick<BundleInput, 'trust' | 'options'> {
  return {
    trust: 'trust' in result ? result.trust : platform.trust,
    options: { allowDevelopmentKeys: true, ...result.options },
  };
}

/** Bytes of a list that a case is given; an endless one is cut here, and no verifier may read as far. */
const MAX_LIST_BYTES = 512 * 1024;

/** What a verifier is run on: files by their paths in a directory, and what else its caller tells it. */
export type CaseFiles = {
  readonly name: string;
  /** `valid` for an honest twin; else the code that this verifier refuses it with. */
  readonly expected: 'valid' | BundleCase['code'] | ReservesFailureCode | ReservesUnverifiableCode;
  readonly subject: 'bundle' | 'inclusion' | 'reserves';
  /** `bundle/…`, `trust.json`, `ceremony.json` and `inclusion.json`, as far as the case has them. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  readonly userId?: string;
  readonly allowDevelopmentKeys: boolean;
  readonly manifestHash?: string | undefined;
  readonly trustHash?: string | undefined;
  readonly previousManifestHash?: string | undefined;
  readonly requirePublished?: boolean;
  readonly requireCeremony?: boolean;
};

/** Every lie about reserves whose name has some text, as files: the honest twin first. */
export function listReservesCases(namePart = ''): Promise<CaseFiles[]> {
  return listReservesCaseFiles((published) => toFiles(toSource(published)), namePart);
}

/** Every case on a bundle or an inclusion file whose name has some text, as files: the honest twins first, then each attack. */
export async function listCaseFiles(namePart = ''): Promise<CaseFiles[]> {
  const wanted = <Case extends { readonly name: string }>(cases: readonly Case[]) =>
    cases.filter(({ name }) => name.includes(namePart));
  const bundleTwins = BUNDLE_TWINS.map(({ name, make }): Expecting<BundleCase> => ({
    name: `honest twin: ${name}`,
    attack: make,
    code: 'valid',
  }));
  const inclusionTwins = INCLUSION_TWINS.map(({ name, of, make }): Expecting<InclusionCase> => ({
    name: `honest twin: ${name}`,
    of,
    attack: make,
    code: 'valid',
  }));
  return Promise.all([
    ...wanted(bundleTwins).map(toBundleFiles),
    ...wanted(inclusionTwins).map(toInclusionFiles),
    ...wanted(BUNDLE_CASES).map(toBundleFiles),
    ...wanted(INCLUSION_CASES).map(toInclusionFiles),
  ]);
}

type Expecting<Case> = Omit<Case, 'code'> & { readonly code: CaseFiles['expected'] };

async function toBundleFiles(entry: Expecting<BundleCase>): Promise<CaseFiles> {
  const { source, trust, options } = prepareBundle(entry);
  const files = { ...(await toFiles(source)), ...toTrustFile(trust), ...toBroughtFiles(options) };
  return { name: entry.name, expected: entry.code, subject: 'bundle', files, ...toFlags(options) };
}

async function toInclusionFiles(entry: Expecting<InclusionCase>): Promise<CaseFiles> {
  const { source, trust, options, bytes, userId } = prepareInclusion(entry);
  const files = { ...(source && (await toFiles(source))), ...toTrustFile(trust), 'inclusion.json': bytes };
  return { name: entry.name, expected: entry.code, subject: 'inclusion', files, userId, ...toFlags(options) };
}

function toFlags({
  allowDevelopmentKeys = true,
  manifestHash,
  previousManifestHash,
  trustHash,
  publication,
  requireCeremony = false,
}: BundleInput['options']) {
  const requirePublished = publication?.isRequired === true;
  return {
    ...{ allowDevelopmentKeys, manifestHash, previousManifestHash, trustHash },
    ...{ requirePublished, requireCeremony },
  };
}

/** What a manifest is compared with, the reader’s own pins, and what shows the ceremony of the keys. */
function toBroughtFiles({ publication = {}, ceremony }: BundleInput['options']): Record<string, Uint8Array> {
  const { registry, log, pins } = publication;
  return {
    ...(registry && { 'registry.json': registry }),
    ...(log && { 'manifest.tlog-proof': log }),
    ...(ceremony && { 'ceremony.json': ceremony }),
    ...(pins && { 'pins.json': encodeJsonLine(pins) }),
  };
}

function toTrustFile(trust: Attack['trust']): Record<string, Uint8Array> {
  return trust === undefined ? {} : { 'trust.json': encodeJsonLine(trust) };
}

async function toFiles(source: BundleSource): Promise<Record<string, Uint8Array>> {
  const kinds = Object.keys(BUNDLE_FILES) as (keyof BundleSource)[];
  const read = kinds.map(async (kind) => {
    const content = source[kind];
    if (content === undefined) return [];
    const bytes = content instanceof Uint8Array ? content : await collect(content);
    return [[`bundle/${BUNDLE_FILES[kind]}`, bytes] as const];
  });
  return Object.fromEntries((await Promise.all(read)).flat());
}

async function collect(pieces: Pieces): Promise<Uint8Array> {
  const kept: Uint8Array[] = [];
  let size = 0;
  for await (const piece of pieces) {
    kept.push(piece);
    size += piece.length;
    if (size > MAX_LIST_BYTES) break;
  }
  return concatBytes(...kept);
}
