import { encodeJsonLine, type Trust } from '../../src/protocol/index.js';
import type { BundleSource, ManifestSource } from '../../src/verifier/index.js';
import { toSource } from './world.js';
import { FILES, honest, platform, type Attack, type BundleCase, type InclusionCase } from './case.js';
import { INCLUSION_CASES as FILE_CASES } from './inclusion.js';
import { KEY_CASES } from './keys.js';
import { MANIFEST_CASES, MANIFEST_INCLUSION_CASES } from './manifests.js';
import { PRICE_CASES, PROOF_CASES } from './proofs.js';
import { READING_CASES } from './reading.js';
import { STATEMENT_CASES } from './statement.js';
import { TOP_CASES, TREE_CASES } from './tree.js';

export const BUNDLE_CASES: readonly BundleCase[] = [
  ...READING_CASES,
  ...KEY_CASES,
  ...PRICE_CASES,
  ...PROOF_CASES,
  ...TREE_CASES,
  ...TOP_CASES,
  ...MANIFEST_CASES,
];
export const INCLUSION_CASES: readonly InclusionCase[] = [
  ...FILE_CASES,
  ...STATEMENT_CASES,
  ...MANIFEST_INCLUSION_CASES,
];

/** Bytes of a list of proofs that a case is given; an endless one is cut here, and no verifier may read as far. */
const MAX_LIST_BYTES = 512 * 1024;

/** What a verifier is run on: files by their paths in a folder, and what else its caller tells it. */
export type CaseFiles = {
  readonly name: string;
  /** `valid` for an honest twin; else the code that this verifier refuses it with. */
  readonly expected: 'valid' | BundleCase['code'];
  readonly subject: 'bundle' | 'inclusion';
  /** `light`: the manifest alone is given. */
  readonly depth: 'light' | 'full';
  /** `bundle/…`, `trust.json` and `inclusion.json`, as far as the case has them. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  readonly userId?: string;
  readonly allowDevelopmentKeys: boolean;
  readonly manifestHash?: string | undefined;
  readonly trustHash?: string | undefined;
  readonly previousManifestHash?: string | undefined;
};

/** Every case as files: the honest twins first, then each attack, those on inclusion files at both depths. */
export async function listCaseFiles(): Promise<CaseFiles[]> {
  const honestFiles = (Object.keys(FILES) as (keyof typeof FILES)[]).map((of) =>
    toInclusionFiles({ name: `honest twin: the file of ${of}`, of, attack: () => undefined }, 'valid'),
  );
  const twins = [
    await toBundleFiles({ name: 'honest twin: the bundle', attack: () => undefined }, 'valid'),
    ...(await Promise.all(honestFiles)).flat(),
  ];
  const bundles = await Promise.all(BUNDLE_CASES.map((entry) => toBundleFiles(entry, entry.code)));
  const inclusions = await Promise.all(INCLUSION_CASES.map((entry) => toInclusionFiles(entry, entry.code)));
  return [...twins, ...bundles, ...inclusions.flat()];
}

async function toBundleFiles(
  { name, attack }: Pick<BundleCase, 'name' | 'attack'>,
  expected: CaseFiles['expected'],
): Promise<CaseFiles> {
  const published = structuredClone(honest);
  const result = attack(published) ?? {};
  const files = { ...(await toFiles(result.source ?? toSource(published))), ...toTrustFile(result) };
  return { name, expected, subject: 'bundle', depth: 'full', files, ...toFlags(result) };
}

async function toInclusionFiles(
  { name, attack, of = 'lea' }: Pick<InclusionCase, 'name' | 'attack' | 'of'>,
  expected: CaseFiles['expected'],
): Promise<CaseFiles[]> {
  const file = structuredClone(FILES[of]);
  const { userId } = file;
  const result = attack(file, honest) ?? {};
  const source = 'source' in result ? result.source : toSource(honest);
  const files = {
    ...(source === undefined ? {} : await toFiles(source)),
    ...toTrustFile(result),
    'inclusion.json': result.bytes ?? encodeJsonLine(file),
  };
  const both = { expected, subject: 'inclusion', files, userId: result.userId ?? userId } as const;
  return (['light', 'full'] as const).map((depth) => ({
    name: `${name} (${depth})`,
    depth,
    ...both,
    ...toFlags(result),
  }));
}

function toFlags({ options = {} }: Attack) {
  const { allowDevelopmentKeys = true, manifestHash, previousManifestHash, trustHash } = options;
  return { allowDevelopmentKeys, manifestHash, previousManifestHash, trustHash };
}

function toTrustFile(attack: Attack): Record<string, Uint8Array> {
  const trust: Trust | undefined = 'trust' in attack ? attack.trust : platform.trust;
  return trust === undefined ? {} : { 'trust.json': encodeJsonLine(trust) };
}

async function toFiles(source: BundleSource | ManifestSource): Promise<Record<string, Uint8Array>> {
  const { manifest, signature } = source;
  const small = { 'bundle/manifest.json': manifest, 'bundle/manifest.sig.json': signature };
  if (!('batches' in source)) return small;
  return {
    ...small,
    'bundle/batches.ndjson': await collect(source.batches),
    'bundle/aggregates.ndjson': await collect(source.aggregates),
  };
}

async function collect(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const read: Uint8Array[] = [];
  let length = 0;
  for await (const piece of pieces) {
    read.push(piece);
    length += piece.length;
    if (length > MAX_LIST_BYTES) break;
  }
  return Buffer.concat(read);
}
