import { cutTauPowers, readVerificationKey } from '../../iden3/index.js';
import { fingerprintKey, SolventError, type VerificationKey } from '../../protocol/index.js';
import {
  currentSha256,
  type Step,
  type Transcript,
  type TranscriptCircuit,
} from '../../protocol/ceremony/index.js';
import { createPairing } from '../../verifier/index.js';
import { checkContributions, INITIAL_DELTA } from '../../verifier/ceremony/contributions.js';
import type { CompiledCircuit } from '../compile/index.js';
import { domainSizeOf } from '../development-key/key-layout.js';
import { refuseKeys, type KeysCode } from '../errors.js';
import { checkKey } from '../key-check/index.js';
import type { PowersOfTau } from '../powers-of-tau/index.js';
import { followsFromInitialKey } from '../snarkjs.js';
import { BEACON_NAME } from './apply-beacon.js';
import { currentKeyPath } from './directory.js';
import { cacheInitialKey } from './initial-key.js';
import { readKeyContributions, type KeyContribution } from './key-contributions.js';
import type { OnCeremonyProgress } from './progress.js';
import { assertKey } from './step.js';

/** A circuit's key that was derived again. */
export type VerifiedKey = {
  readonly circuit: CompiledCircuit;
  readonly zkeyPath: string;
  readonly zkeySha256: string;
  readonly circuitHash: string;
  readonly verificationKey: VerificationKey;
  readonly fingerprint: string;
};

/** Where the key of a circuit lies, and what it must follow from. */
export type KeyVerification = {
  readonly directory: string;
  readonly transcript: Transcript;
  readonly powersOfTau: PowersOfTau;
  /** Where snarkjs looks for the initial key, or puts it. */
  readonly cacheDirectory: string;
  readonly withSnarkjs?: boolean;
  readonly onProgress?: OnCeremonyProgress;
};

/**
 * Derives the key of one circuit again: it follows from the constraints, the powers of tau and exactly the contributions of the
 * transcript. @throws SolventError as `verifyCeremony` for one key.
 */
export async function verifyKey(
  circuit: CompiledCircuit,
  stated: TranscriptCircuit,
  source: KeyVerification,
): Promise<VerifiedKey> {
  const { directory, transcript, powersOfTau, onProgress } = source;
  const { name } = circuit;
  onProgress?.({ stage: 'checking the key', circuit: name, done: 0, total: 1 });
  const zkeyPath = currentKeyPath(directory, transcript, stated);
  const zkeySha256 = currentSha256(transcript, name);
  await assertKey(zkeyPath, zkeySha256);
  const { circuitHash, contributions } = await readKeyContributions(zkeyPath);
  if (circuitHash !== stated.circuitHash) throw otherKeys(name, 'the circuit hash of the transcript');
  assertContributions(transcript, stated, contributions);

  const verificationKey = await readVerificationKey(zkeyPath);
  await checkDelta(verificationKey, { stated, contributions, steps: transcript.steps });
  const initial = await checkKey(
    { name, r1csPath: circuit.r1csPath, ptauPath: powersOfTau.path, zkeyPath },
    { onProgress: (progress) => onProgress?.({ stage: 'verifying', circuit: name, ...progress }) },
  );
  if (initial.circuitHash !== stated.circuitHash) throw invalid(name, 'the circuit hash is another');
  if (initial.initialSha256 !== stated.initialSha256) {
    throw invalid(name, 'the initial key that the transcript names is not the one of these powers of tau');
  }
  if (source.withSnarkjs === true) await verifyWithSnarkjs(circuit, zkeyPath, source);
  const fingerprint = fingerprintKey(circuit.tag, verificationKey);
  return { circuit, zkeyPath, zkeySha256, circuitHash, verificationKey, fingerprint };
}

/** Delta of a key is the generator times its contributions, each with a proof that its maker knew its factor. */
async function checkDelta(
  { delta, gamma }: VerificationKey,
  {
    stated,
    contributions,
    steps,
  }: { stated: TranscriptCircuit; contributions: readonly KeyContribution[]; steps: readonly Step[] },
): Promise<void> {
  const { name, circuitHash } = stated;
  if (delta[0].join() === gamma[0].join() && steps.length > 0) {
    throw invalid(name, 'delta is gamma, or its opposite');
  }
  const points = contributions.map((contribution) => contribution.points);
  const pairing = await createPairing();
  try {
    await checkContributions(
      { circuit: name, initialDelta: INITIAL_DELTA, contributions: points },
      { circuitHash, steps },
      pairing,
    );
  } catch (error) {
    if (!(error instanceof SolventError)) throw error;
    throw invalid(name, error.message);
  }
  const last = points.at(-1)?.delta ?? INITIAL_DELTA;
  const ratio = { from: INITIAL_DELTA, to: last, base: gamma, multiple: delta };
  if (!(await pairing.haveSameRatio([ratio])))
    throw invalid(name, 'delta is not that of the last contribution');
}

/** A second opinion on one key, with an initial key that snarkjs makes. */
async function verifyWithSnarkjs(
  circuit: CompiledCircuit,
  zkeyPath: string,
  { powersOfTau, cacheDirectory, onProgress }: KeyVerification,
): Promise<void> {
  const { name } = circuit;
  const initial = await cacheInitialKey(circuit, powersOfTau, {
    cacheDirectory,
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  const powers = await cutTauPowers(powersOfTau.path, domainSizeOf(circuit));
  const { follows, reasons } = await followsFromInitialKey(initial.zkeyPath, powers, zkeyPath, (progress) =>
    onProgress?.({ stage: 'verifying with snarkjs', circuit: name, ...progress }),
  );
  if (!follows) throw invalid(name, `snarkjs says: ${reasons}`);
}

/** The key lists exactly the steps of the transcript. */
function assertContributions(
  { steps }: Transcript,
  { name }: TranscriptCircuit,
  contributions: readonly KeyContribution[],
): void {
  if (contributions.length !== steps.length) {
    throw otherKeys(name, `${steps.length} contributions, and not ${contributions.length}`);
  }
  steps.forEach((step, index) => {
    const found = contributions[index]!;
    const stated = step.keys.find(({ circuit }) => circuit === name)!;
    if (found.contributionHash !== stated.contributionHash) {
      throw otherKeys(name, `contribution ${index + 1} of the transcript`);
    }
    if (!isSameAuthor(step, found)) throw otherKeys(name, `the author of contribution ${index + 1}`);
  });
}

function isSameAuthor(step: Step, { name, beacon }: KeyContribution): boolean {
  if (step.kind === 'contribution') return beacon === undefined && name === step.contributor;
  return (
    name === BEACON_NAME &&
    beacon?.value === step.value &&
    beacon.iterationsExponent === step.iterationsExponent
  );
}

function otherKeys(circuit: string, expected: string): SolventError<KeysCode> {
  return refuseKeys('transcript-of-other-keys', {
    expected: `${expected} in the key of ${circuit}`,
    found: 'something else',
    details: { circuit },
  });
}

function invalid(circuit: string, reasons: string): SolventError<KeysCode> {
  return refuseKeys('ceremony-key-invalid', {
    expected: `the key of ${circuit} to follow from its circuit by the contributions that it lists`,
    found: `another (${reasons})`,
    details: { circuit },
  });
}
