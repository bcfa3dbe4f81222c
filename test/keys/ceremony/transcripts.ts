import { createHash } from 'node:crypto';

import { bytesToHex } from '../../../src/protocol/index.js';
import {
  hashLastStep,
  stepMessage,
  TRANSCRIPT_FORMAT,
  type ContributionStep,
  type Transcript,
} from '../../../src/protocol/ceremony/index.js';
import { LEAST } from '../least-profile.js';
import type { SigningKey } from '../../../src/identity/index.js';

const hash = (text: string, algorithm = 'sha256') => createHash(algorithm).update(text).digest('hex');

/** A transcript without keys behind it: what the rules about transcripts alone are tested on. */
export function inventTranscript(circuits = ['spot-1', 'margin-1']): Transcript {
  return {
    format: TRANSCRIPT_FORMAT,
    profile: 'least',
    powersOfTau: { source: 'untrusted', power: 12, blake2b: hash('powers', 'blake2b512') },
    beacon: 'drand quicknet, round 25000000',
    beganAt: '2026-01-01T00:00:00Z',
    circuits: circuits.map((name) => ({
      name,
      parameters: LEAST.layouts[0]!,
      tag: '1',
      r1csSha256: hash(`r1cs ${name}`),
      circuitHash: hash(`circuit ${name}`, 'blake2b512'),
      initialSha256: hash(`key 0 ${name}`),
    })),
    steps: [],
  };
}

/** The same transcript with one contribution more. */
export function addContribution(transcript: Transcript, contributor: string, key?: SigningKey): Transcript {
  const position = transcript.steps.length + 1;
  const bare: ContributionStep = {
    kind: 'contribution',
    contributor,
    at: `2026-01-0${position + 1}T00:00:00Z`,
    previous: hashLastStep(transcript),
    keys: inventKeys(transcript),
    signature: null,
  };
  const signature =
    key === undefined
      ? null
      : { publicKey: key.publicKey, signature: bytesToHex(key.sign(stepMessage(bare))) };
  return { ...transcript, steps: [...transcript.steps, { ...bare, signature }] };
}

/** The same transcript, closed. */
export function addBeacon(transcript: Transcript): Transcript {
  const beacon = {
    kind: 'beacon',
    value: hash('a beacon'),
    iterationsExponent: 10,
    drandSignature: null,
    at: '2026-02-01T00:00:00Z',
    previous: hashLastStep(transcript),
    keys: inventKeys(transcript),
  } as const;
  return { ...transcript, steps: [...transcript.steps, beacon] };
}

function inventKeys({ circuits, steps }: Transcript) {
  return circuits.map(({ name, circuitHash, initialSha256 }) => ({
    circuit: name,
    circuitHash,
    beforeSha256: steps.at(-1)?.keys.find(({ circuit }) => circuit === name)!.afterSha256 ?? initialSha256,
    contributionHash: hash(`contribution ${steps.length + 1} ${name}`, 'blake2b512'),
    afterSha256: hash(`key ${steps.length + 1} ${name}`),
  }));
}
