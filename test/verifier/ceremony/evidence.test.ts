import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { SolventError, type VerificationKey } from '../../../src/protocol/index.js';
import {
  encodeCeremonyEvidence,
  parseCeremonyEvidence,
  type CeremonyEvidence,
} from '../../../src/protocol/ceremony/index.js';
import {
  createPairing,
  parseTrust,
  verifyCeremonyEvidence,
  type CeremonyKey,
  type PairingBackend,
} from '../../../src/verifier/index.js';
import { SeededRandom } from '../../../scripts/generate/random.js';

/** A ceremony of `tiny` by three contributors and a beacon, made with this project's own commands. */
const GOLDEN = join(import.meta.dirname, '../../../conformance/ceremony');
const MUTATIONS = Number(process.env['SOLVENT_CEREMONY_MUTATIONS'] ?? 200);
const SEED = Number(process.env['SOLVENT_CEREMONY_SEED'] ?? 20_260_131);

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
