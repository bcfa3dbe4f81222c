import { bn254 } from '@noble/curves/bn254.js';
import { blake2b } from '@noble/hashes/blake2.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { ed25519 } from '@noble/curves/ed25519.js';

import {
  bytesToHex,
  deriveCircuitTag,
  FIELD_MODULUS,
  hashLabelled,
  nameOfLayout,
  utf8ToBytes,
  type KeyProvenance,
  type Trust,
} from '../../src/protocol/index.js';
import {
  encodeCeremonyEvidence,
  EVIDENCE_FORMAT,
  hashLastStep,
  hashTranscript,
  signersOf,
  stepMessage,
  TRANSCRIPT_FORMAT,
  type CeremonyEvidence,
  type ContributionPoints,
  type Step,
  type Transcript,
} from '../../src/protocol/ceremony/index.js';
import { ContributionHashes, deriveBeaconPoints } from '../../src/verifier/ceremony/knowledge.js';
import { batches, type Attack, type BundleCase } from './case.js';
import { LAYOUTS, makePlatform, pick, type Platform } from './platform.js';
import { toAffine1 } from './simulated-key.js';
import { publish, toSource } from './world.js';

/** Round 123 of drand's quicknet: public values. */
export const QUICKNET_ROUND = {
  round: 123,
  randomness: 'fb8f7bc29bf24db51871ec8c79f3a1e4bd0557bc0dfcee9ed1d924e69d1c60dc',
  signature:
    'b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482e26cd02df835d3546d23c4b13e0dfc92',
} as const;

/** A ceremony whose factors are known, with the platform whose keys it made: its evidence is whole and right. */
export type SimulatedCeremony = {
  readonly platform: Platform;
  readonly evidence: CeremonyEvidence;
  /** Keys of the contributors, in hexadecimal. */
  readonly signers: readonly string[];
};

const ITERATIONS_EXPONENT = 10;
const hash = (label: string) => bytesToHex(sha256(utf8ToBytes(label)));
const hash64 = (label: string) => bytesToHex(blake2b(utf8ToBytes(label), { dkLen: 64 }));

/**
 * A ceremony of some contributors, closed by a round of drand's quicknet that was public after the last of them. It stands
 * for one of many machines: to a verifier, who sees no secret, both are the same thing.
 */
export function simulateCeremony(seed: string, contributors: readonly string[]): SimulatedCeremony {
  const names = LAYOUTS.map((layout) => nameOfLayout(layout));
  const beacon = deriveBeaconPoints(QUICKNET_ROUND.randomness, ITERATIONS_EXPONENT);
  const factorsOf = (circuit: string) => [
    ...contributors.map((name) => pick(`${seed} factor of ${name} to ${circuit}`) as bigint),
    beacon.secret,
  ];
  const points = new Map(
    names.map((name) => [name, contribute(hash64(`${seed} initial ${name}`), factorsOf(name), beacon)]),
  );
  const bare = makePlatform(seed, LAYOUTS, (name) => ({
    gamma: 1n,
    delta: factorsOf(name).reduce((product, factor) => (product * factor) % FIELD_MODULUS, 1n),
  }));
  const transcript = chainSteps(seed, contributors, points);
  const signers = [...signersOf(transcript)];
  const provenance = stateProvenance(transcript);
  const circuits = bare.trust.circuits.map((pin) => ({ ...pin, provenance }));
  return {
    platform: { ...bare, trust: { ...bare.trust, circuits } },
    evidence: {
      format: EVIDENCE_FORMAT,
      transcript,
      circuits: names.map((circuit) => ({
        circuit,
        initialDelta: toAffine1(1n),
        contributions: points.get(circuit)!.map(({ shown }) => shown),
      })),
    },
    signers,
  };
}

/** What a platform states of keys, once a transcript says so. */
export function stateProvenance(transcript: Transcript): KeyProvenance {
  const { source, blake2b: powers } = transcript.powersOfTau;
  return {
    kind: 'ceremony',
    contributions: transcript.steps.length - 1,
    signers: signersOf(transcript).size,
    beacon: transcript.beacon,
    powersOfTau: { source, blake2b: powers },
    transcriptHash: hashTranscript(transcript),
  };
}

type Contributed = { readonly shown: ContributionPoints; readonly contributionHash: string };

/** The points of each contribution to one key: with its factor the proof of knowledge is no work. */
function contribute(
  circuitHash: string,
  factors: readonly bigint[],
  beacon: Pick<ContributionPoints, 's' | 'sx'>,
): Contributed[] {
  const made: Contributed[] = [];
  let product = 1n;
  for (const [index, factor] of factors.entries()) {
    product = (product * factor) % FIELD_MODULUS;
    const base = pick(`base ${circuitHash} ${index}`) as bigint;
    const isBeacon = index === factors.length - 1;
    const { s, sx } = isBeacon ? beacon : { s: toAffine1(base), sx: toAffine1(base * factor) };
    const delta = toAffine1(product);
    const spx = multiply(drawChallenge(circuitHash, made, { delta, s, sx }), factor);
    const shown = { delta, s, sx, spx };
    const hashes = replay(circuitHash, made);
    made.push({ shown, contributionHash: bytesToHex(hashes.add(shown).contributionHash) });
  }
  return made;
}

/** The challenge follows from what was shown before and from s and sx, whatever the answer to it. */
function drawChallenge(
  circuitHash: string,
  before: readonly Contributed[],
  points: Omit<ContributionPoints, 'spx'>,
): ContributionPoints['spx'] {
  const spx: ContributionPoints['spx'] = [
    ['0', '0'],
    ['0', '0'],
  ];
  return replay(circuitHash, before)
    .add({ ...points, spx })
    .drawChallenge();
}

function replay(circuitHash: string, before: readonly Contributed[]): ContributionHashes {
  const hashes = new ContributionHashes(circuitHash);
  for (const { shown } of before) hashes.add(shown);
  return hashes;
}

function multiply([x, y]: ContributionPoints['spx'], factor: bigint): ContributionPoints['spx'] {
  const toElement = ([c0, c1]: readonly [string, string]) => ({ c0: BigInt(c0), c1: BigInt(c1) });
  const point = bn254.G2.Point.fromAffine({ x: toElement(x), y: toElement(y) }).multiply(factor);
  const affine = point.toAffine();
  return [
    [affine.x.c0.toString(), affine.x.c1.toString()],
    [affine.y.c0.toString(), affine.y.c1.toString()],
  ];
}

function chainSteps(
  seed: string,
  contributors: readonly string[],
  points: ReadonlyMap<string, readonly Contributed[]>,
): Transcript {
  const fileHash = (circuit: string, step: number) => hash(`${seed} file ${step} of ${circuit}`);
  let transcript: Transcript = {
    format: TRANSCRIPT_FORMAT,
    profile: 'tiny',
    powersOfTau: { source: 'perpetual-powers-of-tau', power: 13, blake2b: hash64('powers') },
    beacon: `drand quicknet, round ${QUICKNET_ROUND.round}`,
    beganAt: '2023-01-01T00:00:00Z',
    circuits: LAYOUTS.map((parameters) => {
      const name = nameOfLayout(parameters);
      return {
        name,
        parameters,
        tag: deriveCircuitTag(parameters).toString(),
        r1csSha256: hash(`${seed} constraints of ${name}`),
        circuitHash: hash64(`${seed} initial ${name}`),
        initialSha256: fileHash(name, 0),
      };
    }),
    steps: [],
  };
  for (const [index, contributor] of [...contributors, undefined].entries()) {
    const keys = transcript.circuits.map(({ name, circuitHash }) => ({
      circuit: name,
      circuitHash,
      beforeSha256: fileHash(name, index),
      contributionHash: points.get(name)![index]!.contributionHash,
      afterSha256: fileHash(name, index + 1),
    }));
    const common = { previous: hashLastStep(transcript), keys };
    const step: Step =
      contributor === undefined
        ? {
            kind: 'beacon',
            value: QUICKNET_ROUND.randomness,
            iterationsExponent: ITERATIONS_EXPONENT,
            drandSignature: QUICKNET_ROUND.signature,
            at: '2023-12-01T00:00:00Z',
            ...common,
          }
        : signStep(seed, { contributor, at: '2023-01-02T00:00:00Z', ...common });
    transcript = { ...transcript, steps: [...transcript.steps, step] };
  }
  return transcript;
}

function signStep(
  seed: string,
  fields: Omit<Extract<Step, { kind: 'contribution' }>, 'kind' | 'signature'>,
): Step {
  const secret = hashLabelled('solvent/test/v1', utf8ToBytes(`${seed} key of ${fields.contributor}`));
  const bare = { kind: 'contribution', ...fields, signature: null } as const;
  const signature = bytesToHex(ed25519.sign(stepMessage(bare), secret));
  return { ...bare, signature: { publicKey: bytesToHex(ed25519.getPublicKey(secret)), signature } };
}

const HONEST = simulateCeremony('honest', ['Alice', 'Bob', 'Carol']);
const OTHERS = simulateCeremony('others', ['Alice', 'Bob', 'Carol']);

/** The honest exchange under keys of a ceremony, with evidence that a liar changed; the manifest is signed for it. */
function withEvidence(
  change: (evidence: CeremonyEvidence) => void = () => undefined,
  { platform, provenance }: { readonly platform?: Platform; readonly provenance?: KeyProvenance } = {},
): Attack {
  const evidence = structuredClone(HONEST.evidence);
  change(evidence);
  const { trust, ...rest } = platform ?? HONEST.platform;
  const circuits = trust.circuits.map((pin) => ({ ...pin, provenance: provenance ?? pin.provenance }));
  const liar: Platform = { ...rest, trust: { ...trust, circuits } };
  return {
    source: toSource(publish(liar, batches)),
    trust: liar.trust satisfies Trust,
    options: { allowDevelopmentKeys: false, ceremony: encodeCeremonyEvidence(evidence) },
  };
}

export const CEREMONY_TWINS: readonly { readonly name: string; readonly make: () => Attack }[] = [
  { name: 'a run under keys of a ceremony, with its evidence', make: () => withEvidence() },
];

const evident = (name: string, code: BundleCase['code'], attack: () => Attack): BundleCase => ({
  name: `evidence of a ceremony: ${name}`,
  code,
  attack,
});
const stated = stateProvenance(HONEST.evidence.transcript) as Extract<KeyProvenance, { kind: 'ceremony' }>;

export const CEREMONY_CASES: readonly BundleCase[] = [
  evident('a contributor left out', 'ceremony-transcript-broken', () =>
    withEvidence(({ transcript }) => {
      transcript.steps.splice(1, 1);
    }),
  ),
  evident('a contributor under a better name', 'ceremony-signature-invalid', () =>
    withEvidence(({ transcript }) => {
      const step = transcript.steps[2]!;
      if (step.kind === 'contribution') step.contributor = 'Somebody Known';
      transcript.steps[3]!.previous = hashLastStep({ ...transcript, steps: transcript.steps.slice(0, 3) });
    }),
  ),
  evident('another value than the announced round has', 'ceremony-beacon-invalid', () =>
    withEvidence(({ transcript }) => {
      const last = transcript.steps[3]!;
      if (last.kind === 'beacon') last.value = '11'.repeat(32);
    }),
  ),
  evident('a round without the signature of its network', 'ceremony-beacon-invalid', () =>
    withEvidence(({ transcript }) => {
      const last = transcript.steps[3]!;
      if (last.kind === 'beacon') last.drandSignature = null;
    }),
  ),
  evident('54 signers stated, where three signed', 'ceremony-provenance-differs', () =>
    withEvidence(undefined, { provenance: { ...stated, contributions: 54, signers: 54 } }),
  ),
  evident('the powers of tau stated to be others', 'ceremony-provenance-differs', () =>
    withEvidence(undefined, {
      provenance: { ...stated, powersOfTau: { ...stated.powersOfTau, source: 'untrusted' } },
    }),
  ),
  evident('of another ceremony', 'ceremony-provenance-differs', () =>
    withEvidence((evidence) => Object.assign(evidence, structuredClone(OTHERS.evidence))),
  ),
  evident('a contribution that nobody shows to know', 'ceremony-contribution-invalid', () =>
    withEvidence(({ circuits }) => {
      circuits[0]!.contributions[1]!.spx = circuits[0]!.contributions[0]!.spx;
    }),
  ),
  evident('of keys that the platform made alone, under what others did', 'ceremony-of-other-keys', () =>
    withEvidence(undefined, { platform: makePlatform('honest'), provenance: stated }),
  ),
  {
    name: 'evidence of a ceremony: none, where it is required',
    code: 'ceremony-not-shown',
    attack: () => {
      const { options, ...bare } = withEvidence();
      return { ...bare, options: { ...options, ceremony: undefined, requireCeremony: true } };
    },
  },
];
