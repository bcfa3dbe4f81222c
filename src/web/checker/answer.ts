import {
  hashTrust,
  normalizeName,
  parseTrust,
  SolventError,
  type FileKind,
  type Trust,
} from '../../protocol/index.js';
import { createPairing, verifyInclusion, type BundleSource } from '../../verifier/index.js';
import { MAX_WHOLE_FILE_BYTES } from './limits.js';
import { parsePastedHash } from './pasted-hash.js';
import { answerReserves } from './reserves.js';
import { netStatement } from '../../presentation/index.js';
import type { CheckAnswer, Question, CheckRefusal, TrustShown } from './question.js';

/** Ends a check that cannot be made; never leaves this file. */
class Stop extends Error {
  readonly refusal: CheckRefusal;

  constructor(code: string, about: CheckRefusal['about']) {
    super(code);
    this.refusal = { kind: 'refusal', outcome: 'unverifiable', code, about };
  }
}

/**
 * Checks one user's account, and the whole bundle that it is counted in, with the verifier. Everything that goes wrong is an
 * answer, and none of those is a valid report.
 * @param onProgress called as proofs are verified.
 */
export async function answerQuestion(
  question: Question,
  onProgress: (done: number, total: number) => void,
): Promise<CheckAnswer> {
  try {
    return await check(question, onProgress);
  } catch (error) {
    if (error instanceof Stop) return error.refusal;
    return { kind: 'refusal', outcome: 'fault', code: 'checker-failed', about: 'page' };
  }
}

async function check(
  { userId, files, manifestHash, trustHash, reserves, allowDevelopmentKeys }: Question,
  onProgress: (done: number, total: number) => void,
): Promise<CheckAnswer> {
  const id = within('userId', () => normalizeName(userId));
  const expectedManifest = readHash(manifestHash, 'manifestHash');
  const expectedTrust = readHash(trustHash, 'trustHash');
  if (files.inclusion === undefined) throw new Stop('inclusion-missing', 'inclusion');
  const inclusion = await readWhole(files.inclusion, 'inclusion');
  const trust = files.trust && (await readTrust(files.trust, expectedTrust));
  const report = await verifyInclusion(inclusion, await openSource(files), trust?.trust, {
    pairing: await createPairing(),
    userId: id,
    allowDevelopmentKeys,
    onProgress,
    manifestHash: expectedManifest,
    trustHash: expectedTrust,
    ceremony: files.ceremony && (await readWhole(files.ceremony, 'ceremony')),
  });
  return {
    kind: 'report',
    report,
    trust: trust?.shown ?? null,
    reserves: reserves === null ? null : await answerReserves(reserves, report, trust?.trust),
    nets: report.statement === null ? null : netStatement(report.statement),
  };
}

async function readTrust(
  file: Blob,
  expected: string | undefined,
): Promise<{ trust: Trust; shown: TrustShown }> {
  const bytes = await readWhole(file, 'trust');
  const trust = within('trust', () => parseTrust(bytes));
  const hash = hashTrust(trust);
  if (expected !== undefined && expected !== hash) throw new Stop('trust-hash-differs', 'trust');
  return { trust, shown: { hash, signingKey: trust.signingKey, compared: expected !== undefined } };
}

async function openSource({
  manifest,
  signature,
  commitments,
  weights,
  proofs,
}: Question['files']): Promise<BundleSource | undefined> {
  if (manifest === undefined) return undefined;
  if (signature === undefined) throw new Stop('signature-missing', 'signature');
  return {
    manifest: await readWhole(manifest, 'manifest'),
    signature: await readWhole(signature, 'signature'),
    commitments: commitments && readPieces(commitments, 'commitments'),
    weights: weights && (await readWhole(weights, 'weights')),
    proofs: proofs && readPieces(proofs, 'proofs'),
  };
}

/** A file that was moved or changed since it was chosen cannot be read. */
async function readWhole(file: Blob, kind: FileKind): Promise<Uint8Array> {
  try {
    return new Uint8Array(await file.slice(0, MAX_WHOLE_FILE_BYTES).arrayBuffer());
  } catch {
    throw new Stop('file-unreadable', kind);
  }
}

/** A reader and not the stream itself: not every browser lets a stream be looped over. */
async function* readPieces(file: Blob, kind: FileKind): AsyncGenerator<Uint8Array> {
  const reader = file.stream().getReader() as { read: () => Promise<{ done: boolean; value?: Uint8Array }> };
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw new Stop('file-unreadable', kind);
    });
    if (value !== undefined) yield value;
    if (done) return;
  }
}

function readHash(text: string, about: 'manifestHash' | 'trustHash'): string | undefined {
  if (text.trim() === '') return undefined;
  const hash = parsePastedHash(text);
  if (hash === undefined) throw new Stop('hash-malformed', about);
  return hash;
}

/** What the user can put right, by its code and the input that it is about. */
function within<T>(about: 'userId' | FileKind, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof SolventError)) throw error;
    throw new Stop((error as SolventError).code, about);
  }
}
