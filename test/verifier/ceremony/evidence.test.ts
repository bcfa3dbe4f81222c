import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { startSimulation, toAffine2 } from '../../../conformance/adversary/simulated-key.js';
import {
  bytesToHex,
  fingerprintKey,
  parseFieldElement,
  SolventError,
  type KeyProvenance,
  type VerificationKey,
} from '../../../src/protocol/index.js';
import {
  encodeCeremonyEvidence,
  hashLastStep,
  hashTranscript,
  parseCeremonyEvidence,
  type CeremonyEvidence,
  type Transcript,
} from '../../../src/protocol/ceremony/index.js';
import {
  createPairing,
  parseTrust,
  verifyCeremonyEvidence,
  type CeremonyKey,
  type PairingBackend,
} from '../../../src/verifier/index.js';
import { ContributionHashes } from '../../../src/verifier/ceremony/knowledge.js';
import { SeededRandom } from '../../../scripts/generate/random.js';

/** A ceremony of `tiny` by three contributors and a beacon, made with this project's own commands. */
const GOLDEN = join(import.meta.dirname, '../../../conformance/ceremony');
const MUTATIONS = Number(process.env.SOLVENT_CEREMONY_MUTATIONS ?? 200);
const SEED = Number(process.env.SOLVENT_CEREMONY_SEED ?? 20_260_131);

const bytes = readFileSync(join(GOLDEN, 'ceremony.json'));
const trust = parseTrust(readFileSync(join(GOLDEN, 'trust.json')));
const evidence = parseCeremonyEvidence(bytes);
const keys: readonly CeremonyKey[] = trust.circuits.map((pin) => ({
  ...pin,
  verificationKey: JSON.parse(readFileSync(join(GOLDEN, `${pin.name}.vk.json`), 'utf8')) as VerificationKey,
}));
const signers = evidence.transcript.steps.flatMap((step) =>
  step.kind === 'contribution' ? (step.signature?.publicKey ?? []) : [],
);

let pairing: PairingBackend;
beforeAll(async () => {
  pairing = await createPairing();
  await startSimulation();
});

const refusal = (code: string) => expect.objectContaining({ errorClass: 'verification', code }) as Error;
const change = (edit: (copy: CeremonyEvidence) => void): CeremonyEvidence => {
  const copy = structuredClone(evidence);
  edit(copy);
  return copy;
};

describe('the golden ceremony of tiny', () => {
  it('is shown by its evidence alone, and counted', async () => {
    expect(existsSync(GOLDEN)).toBe(true);
    expect(await verifyCeremonyEvidence(evidence, keys, { pairing })).toEqual({
      contributions: 3,
      signers: 3,
      pinnedSigners: null,
      beacon: evidence.transcript.beacon,
      beaconVerified: false,
    });
  });

  it('says how many of the signers that a reader knows took part', async () => {
    const pinnedSigners = [signers[0]!, signers[0]!, 'ab'.repeat(32)];
    const shown = await verifyCeremonyEvidence(evidence, keys, { pairing, pinnedSigners });
    expect(shown.pinnedSigners).toBe(1);
  });

  it('shows nothing of a key that its contributions did not make', async () => {
    const [first, ...rest] = keys;
    const swapped = { ...first!, verificationKey: rest[0]!.verificationKey };
    await expect(verifyCeremonyEvidence(evidence, [swapped, ...rest], { pairing })).rejects.toThrow(
      refusal('ceremony-of-other-keys'),
    );
  });

  it.each<[string, string, (copy: CeremonyEvidence) => void]>([
    ['a contribution less', 'ceremony-transcript-broken', ({ transcript }) => transcript.steps.splice(1, 1)],
    ['no beacon', 'ceremony-transcript-broken', ({ transcript }) => transcript.steps.pop()],
    [
      'a later contributor under another name',
      'ceremony-signature-invalid',
      ({ transcript }) => {
        const step = transcript.steps[0]!;
        if (step.kind === 'contribution') step.contributor = 'Someone Else';
      },
    ],
    [
      'a value of another beacon',
      'ceremony-provenance-differs',
      ({ transcript }) => {
        const last = transcript.steps.at(-1)!;
        if (last.kind === 'beacon') last.value = 'ab'.repeat(32);
      },
    ],
    [
      'a delta of another contribution',
      'ceremony-contribution-invalid',
      ({ circuits }) => {
        circuits[0]!.contributions[1]!.delta = circuits[0]!.contributions[0]!.s;
      },
    ],
    [
      'a proof of knowledge of another contribution',
      'ceremony-contribution-invalid',
      ({ circuits }) => {
        circuits[0]!.contributions[1]!.spx = circuits[0]!.contributions[0]!.spx;
      },
    ],
  ])('is refused with %s', async (_, code, edit) => {
    await expect(verifyCeremonyEvidence(change(edit), keys, { pairing })).rejects.toThrow(refusal(code));
  });
});

describe('evidence of a ceremony, changed in any field', () => {
  it(`is refused: ${MUTATIONS} mutations by the seed ${SEED}`, { timeout: 3_600_000 }, async () => {
    const random = new SeededRandom(SEED);
    const below = (bound: number) => random.below(bound);
    const accepted: string[] = [];
    for (let index = 0; index < MUTATIONS; index++) {
      const { path, mutant } = mutate(evidence, below);
      if (await isAccepted(mutant)) accepted.push(path);
    }
    expect(accepted).toEqual([]);
  });
});

describe('evidence that its maker hashed anew and stated as it counts', () => {
  it('is accepted where nothing but the signatures is gone', async () => {
    const sealed = reseal(evidence);
    expect(await verifyCeremonyEvidence(sealed.evidence, sealed.keys, { pairing })).toMatchObject({
      contributions: 3,
      signers: 0,
    });
  });

  const point = ({ circuits }: CeremonyEvidence, index: number) => circuits[1]!.contributions[index]!;
  it.each<[string, string, (copy: CeremonyEvidence) => void]>([
    [
      'the factor of one contribution shown with the proof of another',
      'ceremony-contribution-invalid',
      (copy) => {
        Object.assign(point(copy, 1), { ...point(copy, 0), delta: point(copy, 1).delta });
      },
    ],
    [
      'a delta that nobody shows the factor of',
      'ceremony-contribution-invalid',
      (copy) => {
        point(copy, 1).delta = point(copy, 1).s;
      },
    ],
    [
      'a point at infinity',
      'ceremony-contribution-invalid',
      (copy) => {
        point(copy, 0).sx = ['0', '0'];
      },
    ],
    [
      'a point off its curve',
      'ceremony-contribution-invalid',
      (copy) => {
        point(copy, 0).s = ['1', '3'];
      },
    ],
    [
      'a contribution left out, whose factor the others do not have',
      'ceremony-contribution-invalid',
      (copy) => {
        copy.transcript.steps.splice(1, 1);
        for (const circuit of copy.circuits) circuit.contributions.splice(1, 1);
      },
    ],
    [
      'another value of the beacon',
      'ceremony-contribution-invalid',
      (copy) => {
        const last = copy.transcript.steps.at(-1)!;
        if (last.kind === 'beacon') last.value = 'ab'.repeat(32);
      },
    ],
    [
      'another initial key',
      'ceremony-contribution-invalid',
      ({ transcript }) => {
        transcript.circuits[1]!.circuitHash = 'ab'.repeat(64);
      },
    ],
    [
      'an initial delta that is not the generator',
      'ceremony-contribution-invalid',
      ({ circuits }) => {
        circuits[1]!.initialDelta = circuits[1]!.contributions[0]!.delta;
      },
    ],
    [
      'an announcement of drand, and no signature of it',
      'ceremony-beacon-invalid',
      ({ transcript }) => {
        transcript.beacon = 'drand quicknet, round 123';
      },
    ],
    [
      'the contributions of another circuit',
      'ceremony-contribution-invalid',
      ({ circuits }) => {
        circuits[1]!.contributions = circuits[0]!.contributions;
      },
    ],
  ])('is refused with %s', async (_, code, edit) => {
    const sealed = reseal(change(edit));
    await expect(verifyCeremonyEvidence(sealed.evidence, sealed.keys, { pairing })).rejects.toThrow(
      refusal(code),
    );
  });

  it('is refused for keys that one party made, whatever they state', async () => {
    const alone = keys.map((key) => ({
      ...key,
      verificationKey: { ...key.verificationKey, delta: toAffine2(4711n) },
    }));
    const sealed = reseal(evidence, alone);
    await expect(verifyCeremonyEvidence(sealed.evidence, sealed.keys, { pairing })).rejects.toThrow(
      refusal('ceremony-of-other-keys'),
    );
  });
});

/** Makes hashes, chain and provenance follow from the points, as whoever writes all of the files can. Nobody signs. */
function reseal(original: CeremonyEvidence, of = keys): { evidence: CeremonyEvidence; keys: CeremonyKey[] } {
  const { transcript, circuits } = structuredClone(original);
  const hashes = circuits.map(({ contributions }, index) => {
    const chain = new ContributionHashes(transcript.circuits[index]!.circuitHash);
    return contributions.map((points) => bytesToHex(chain.add(points).contributionHash));
  });
  let next: Transcript = { ...transcript, steps: [] };
  const heads = transcript.circuits.map(({ initialSha256 }) => initialSha256);
  transcript.steps.forEach((step, position) => {
    const stepKeys = step.keys.map((key, index) => {
      const { circuitHash } = transcript.circuits[index]!;
      const beforeSha256 = heads[index]!;
      heads[index] = key.afterSha256;
      return { ...key, circuitHash, beforeSha256, contributionHash: hashes[index]![position]! };
    });
    const bare = step.kind === 'contribution' ? { ...step, signature: null } : step;
    next = { ...next, steps: [...next.steps, { ...bare, previous: hashLastStep(next), keys: stepKeys }] };
  });
  const provenance: KeyProvenance = {
    kind: 'ceremony',
    contributions: next.steps.length - 1,
    signers: 0,
    beacon: next.beacon,
    powersOfTau: { source: next.powersOfTau.source, blake2b: next.powersOfTau.blake2b },
    transcriptHash: hashTranscript(next),
  };
  const restated = of.map((key) => ({
    ...key,
    provenance,
    fingerprint: fingerprintKey(parseFieldElement(key.tag), key.verificationKey),
  }));
  return { evidence: { ...original, transcript: next, circuits }, keys: restated };
}

async function isAccepted(mutant: unknown): Promise<boolean> {
  try {
    const parsed = parseCeremonyEvidence(encodeCeremonyEvidence(mutant as CeremonyEvidence));
    await verifyCeremonyEvidence(parsed, keys, { pairing });
    return true;
  } catch (error) {
    if (error instanceof SolventError) return false;
    throw error;
  }
}

type Leaf = { readonly path: string; readonly holder: Record<string, unknown>; readonly name: string };

/** Changes one leaf of a copy, drawn evenly: a digit of a text, a number, or null. */
function mutate(original: unknown, below: (bound: number) => number): { path: string; mutant: unknown } {
  const mutant = structuredClone(original);
  const leaves = listLeaves(mutant, '');
  const { path, holder, name } = leaves[below(leaves.length)]!;
  const value = holder[name];
  if (typeof value === 'string') {
    const at = below(Math.max(1, value.length));
    const digit = '0123456789abcdef'[below(16)]!;
    holder[name] = value[at] === digit ? `${value}0` : value.slice(0, at) + digit + value.slice(at + 1);
  } else if (typeof value === 'number') holder[name] = value + 1 + below(3);
  else holder[name] = '0';
  return { path, mutant };
}

function listLeaves(value: unknown, path: string): Leaf[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((name) => {
    const child = holder[name];
    const at = `${path}/${name}`;
    return typeof child === 'object' && child !== null ? listLeaves(child, at) : [{ path: at, holder, name }];
  });
}
