import { z } from 'zod';

import { hashLabelled, bytesToHex } from '../bytes.js';
import { encodeCanonicalJson } from '../canonical-json.js';
import type { FieldElement } from '../field.js';
import { assertLayout, NET_BITS, type RowLayout } from '../rows/layout.js';
import * as p from './primitives.js';

/** The layout of a batch circuit, within the bounds of the protocol. */
export const layoutParameters: z.ZodType<RowLayout> = z
  .strictObject({
    kind: z.enum(['spot', 'margin']),
    indexBits: z.int(),
    rows: z.int(),
    slots: z.int(),
    netBits: z.union([z.literal(0), z.literal(NET_BITS)]),
    groupRows: z.int(),
  })
  .refine((layout) => {
    try {
      assertLayout(layout);
      return true;
    } catch {
      return false;
    }
  }, 'expected a layout within the bounds of the protocol');

/** More contributors than any ceremony had. */
const MAX_CONTRIBUTIONS = 1000;

/**
 * Keys of a ceremony: sound while one of its contributors forgot their secret. `signers` counts the distinct keys
 * that signed contributions, `beacon` names the public value that closed it, `transcriptHash` is what to ask
 * contributors about. Powers of tau are either the published ones or no one's word but the platform's.
 */
const ceremonyProvenance = z
  .strictObject({
    kind: z.literal('ceremony'),
    contributions: z.int().min(1).max(MAX_CONTRIBUTIONS),
    signers: z.int().min(0).max(MAX_CONTRIBUTIONS),
    beacon: p.prose.min(1),
    powersOfTau: z.strictObject({
      source: z.enum(['perpetual-powers-of-tau', 'untrusted']),
      blake2b: p.blake2bHex,
    }),
    transcriptHash: p.sha256Hex,
  })
  .refine(
    ({ contributions, signers }) => signers <= contributions,
    'expected no more signers than contributions',
  );

/** How a key came to be. Keys whose maker knows their trapdoor can prove anything. */
export const provenance = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('insecure-development') }),
  ceremonyProvenance,
]);

export type KeyProvenance = z.infer<typeof provenance>;

/** What pins one circuit: its layout, its tag, and the fingerprint of its verification key. */
export const pinnedCircuit = z.strictObject({
  name: p.circuitLabel,
  parameters: layoutParameters,
  tag: p.fieldElement,
  fingerprint: p.sha256Hex,
  provenance,
});

export type PinnedCircuit = z.infer<typeof pinnedCircuit>;

/** Circuits of one manifest or trust file. */
export const MAX_CIRCUITS = 32;

type CircuitSet = {
  readonly indexBits: number;
  readonly circuits: readonly Pick<PinnedCircuit, 'name' | 'parameters' | 'tag'>[];
};

/**
 * Whether circuits form one set: distinct names, distinct tags, and the same B as the file states. With two values of B a
 * code of one circuit is another asset's in the other, and debts count as assets. The ids of dummies follow from the tag:
 * under one tag twice, rows with the same id would be known as dummies.
 */
export function isOneCircuitSet({ indexBits, circuits }: CircuitSet): boolean {
  return (
    new Set(circuits.map(({ name }) => name)).size === circuits.length &&
    new Set(circuits.map(({ tag }) => tag)).size === circuits.length &&
    circuits.every(({ parameters }) => parameters.indexBits === indexBits)
  );
}

/**
 * SHA-256("solvent/vk/v1" ‖ 0 ‖ canonical JSON of the key with its tag), in hexadecimal: names a verification key
 * and the layout that it is for.
 */
export function fingerprintKey(tag: FieldElement, key: p.VerificationKey): string {
  const { alpha, beta, gamma, delta, ic } = key;
  const fields = { tag: tag.toString(), alpha, beta, gamma, delta, ic };
  return bytesToHex(hashLabelled('solvent/vk/v1', encodeCanonicalJson(fields)));
}
