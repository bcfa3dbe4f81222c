import { bytesToHex, parseName, SolventError, utf8ToBytes } from '../../protocol/index.js';
import type { SigningKey } from '../../identity/index.js';
import { contributeToKey } from '../snarkjs.js';
import { currentInstant } from './progress.js';
import { addStep, type StepOptions } from './step.js';
import {
  type ContributionStep,
  hashCeremony,
  hashStep,
  MAX_CONTRIBUTOR_BYTES,
  MAX_STEPS,
  stepMessage,
  type Transcript,
} from '../../protocol/ceremony/index.js';
import { type KeysCode, refuseKeys } from '../errors.js';

export type ContributeOptions = StepOptions & {
  /** The contributor's public name: 1 to 64 bytes. */
  readonly contributor: string;
  /** Signs the contribution, so that whoever knows the key knows whose it is. */
  readonly signingKey?: SigningKey;
  /** What the contributor adds to the system's randomness: dice, keys struck. Never written. */
  readonly ownEntropy?: string;
};

/** What a contributor has done. */
export type Contribution = {
  readonly transcript: Transcript;
  readonly step: ContributionStep;
  /** Names the contribution. */
  readonly stepHash: string;
  /** Lines for the contributor to publish where people know them. */
  readonly attestation: string;
};

/**
 * Contributes to the keys of all circuits: each gets a secret of its own, which this process forgets. The directory can
 * then be handed on. A run that was killed is gone on with by the same call on the same machine.
 * @throws SolventError `ceremony-missing`, `ceremony-closed`, `contributor-name-unfit`, `contribution-unfinished`,
 * `directory-in-use`, `transcript-broken`, `transcript-signature-invalid`, `ceremony-key-changed`, `disk-full`.
 */
export async function contribute(options: ContributeOptions): Promise<Contribution> {
  const { signingKey, ownEntropy = '' } = options;
  const contributor = parseContributor(options.contributor);
  const transcript = await addStep(
    {
      author: contributor,
      stage: 'contributing',
      assertAllowed: assertRoomForSteps,
      makeKey: (zkeyPath, onProgress) =>
        contributeToKey(zkeyPath, { name: contributor, ownEntropy, onProgress }),
      finish: (previous, keys) => {
        const step: ContributionStep = {
          kind: 'contribution',
          contributor,
          at: currentInstant(),
          previous,
          keys,
          signature: null,
        };
        if (signingKey === undefined) return step;
        const signature = bytesToHex(signingKey.sign(stepMessage(step)));
        return { ...step, signature: { publicKey: signingKey.publicKey, signature } };
      },
    },
    options,
  );
  const step = transcript.steps.at(-1) as ContributionStep;
  return {
    transcript,
    step,
    stepHash: hashStep(step),
    attestation: formatAttestation(transcript, transcript.steps.length),
  };
}

function parseContributor(text: string): string {
  let name: string;
  try {
    name = parseName(text);
  } catch (cause) {
    throw unfit('a name of one line without outer white space, in Unicode NFC', cause);
  }
  if (utf8ToBytes(name).length > MAX_CONTRIBUTOR_BYTES) {
    throw unfit(`a name of at most ${MAX_CONTRIBUTOR_BYTES} bytes`);
  }
  return name;
}

/** One place is kept for the beacon. */
function assertRoomForSteps({ steps }: Transcript): void {
  if (steps.length < MAX_STEPS - 1) return;
  throw refuseKeys('ceremony-closed', {
    expected: `at most ${MAX_STEPS - 1} contributions`,
    found: 'one more',
    advice: 'close the ceremony with its beacon',
  });
}

function unfit(expected: string, cause?: unknown): SolventError<KeysCode> {
  return refuseKeys('contributor-name-unfit', { expected, found: 'another text', cause });
}

/**
 * What a contributor publishes where people know them: lines of text that name the ceremony and what they did. Whoever
 * later reads a finished transcript looks for the same hashes in it.
 * @param position of the step, counted from 1.
 */
export function formatAttestation(transcript: Transcript, position: number): string {
  const step = transcript.steps[position - 1]!;
  const who = step.kind === 'contribution' ? step.contributor : 'the beacon';
  const lines = [
    `I am ${who}. I contributed to a Solvent ceremony and kept no secret of it.`,
    `ceremony      ${hashCeremony(transcript)}`,
    `profile       ${transcript.profile}`,
    `step          ${position}, ${step.at}`,
    `step hash     ${hashStep(step)}`,
  ];
  for (const { circuit, circuitHash, contributionHash } of step.keys) {
    lines.push(circuit, `  circuit       ${circuitHash}`, `  contribution  ${contributionHash}`);
  }
  if (step.kind === 'contribution' && step.signature !== null) {
    lines.push(`signed by     ${step.signature.publicKey}`);
  }
  return `${lines.join('\n')}\n`;
}
