import { describe, expect, it } from 'vitest';

import { assertChain } from '../../../src/keys/ceremony/chain.js';
import { formatAttestation } from '../../../src/keys/ceremony/index.js';
import {
  encodeTranscript,
  hashCeremony,
  hashStep,
  hashTranscript,
  isClosed,
  parseTranscript,
  stepMessage,
  type ContributionStep,
  type Step,
  type Transcript,
  signersOf,
} from '../../../src/protocol/ceremony/index.js';
import { bytesToHex } from '../../../src/protocol/index.js';
import { makeSigningKey } from '../../verifier/manifests.js';
import { addBeacon, addContribution, inventTranscript } from './transcripts.js';

const alice = makeSigningKey();
const bob = makeSigningKey();
const withTwo = addContribution(addContribution(inventTranscript(), 'Alice', alice), 'Bob', bob);
const whole = addBeacon(addContribution(withTwo, 'Carol'));
const broken = expect.objectContaining({ code: 'transcript-broken' }) as Error;
const unsigned = expect.objectContaining({ code: 'transcript-signature-invalid' }) as Error;

/** The whole transcript with one step changed. */
function changeStep(index: number, change: (step: Step) => object): Transcript {
  const steps = whole.steps.map((step, at) => (at === index ? { ...step, ...change(step) } : step));
  return { ...whole, steps };
}

function changeFirstKey(index: number, change: object): Transcript {
  return changeStep(index, ({ keys }) => ({ keys: [{ ...keys[0]!, ...change }, ...keys.slice(1)] }));
}

describe('a transcript', () => {
  it('is read as it was written', () => {
    expect(parseTranscript(encodeTranscript(whole))).toEqual(whole);
    expect(isClosed(whole)).toBe(true);
    expect(isClosed(withTwo)).toBe(false);
  });

  it('holds its steps to each other', () => {
    expect(() => {
      assertChain(inventTranscript());
    }).not.toThrow();
    expect(() => {
      assertChain(whole);
    }).not.toThrow();
  });

  it.each([
    ['a step is left out', { ...whole, steps: whole.steps.filter((_, index) => index !== 1) }],
    ['two steps change places', { ...whole, steps: [1, 0, 2, 3].map((index) => whole.steps[index]!) }],
    ['the first step is left out', { ...whole, steps: whole.steps.slice(1) }],
    ['a step comes after the beacon', addContribution(whole, 'Dave')],
    ['it is of another ceremony', { ...whole, beacon: 'drand quicknet, round 1' }],
    ['a time goes back', changeStep(3, () => ({ at: '2026-01-01T12:00:00Z' }))],
    ['a key begins elsewhere', changeFirstKey(3, { beforeSha256: '0'.repeat(64) })],
    ['a key ends elsewhere', changeFirstKey(2, { afterSha256: '0'.repeat(64) })],
    ['a key is of another circuit', changeFirstKey(3, { circuit: 'margin-2' })],
    ['a circuit hash is another', changeFirstKey(3, { circuitHash: '0'.repeat(128) })],
    ['a circuit is left out', changeStep(3, ({ keys }) => ({ keys: keys.slice(1) }))],
    ['a contributor is renamed', changeStep(2, () => ({ contributor: 'Mallory' }))],
  ])('is refused where %s', (_, transcript) => {
    expect(() => {
      assertChain(transcript);
    }).toThrow(broken);
  });

  it('is refused where a signature is of another key, or over another step', () => {
    const last = withTwo.steps[1] as ContributionStep;
    const replace = (signature: ContributionStep['signature']): Transcript => ({
      ...withTwo,
      steps: [withTwo.steps[0]!, { ...last, signature }],
    });
    const signature = bytesToHex(alice.sign(stepMessage(last)));
    expect(() => {
      assertChain(replace({ publicKey: alice.publicKey, signature }));
    }).not.toThrow();
    expect(() => {
      assertChain(replace({ publicKey: bob.publicKey, signature }));
    }).toThrow(unsigned);
    const elsewhere = (withTwo.steps[0] as ContributionStep).signature;
    expect(() => {
      assertChain(replace(elsewhere));
    }).toThrow(unsigned);
    // A key of small order, under which a signature of zeros is one of every message.
    const everyone = { publicKey: `01${'00'.repeat(31)}`, signature: `01${'00'.repeat(63)}` };
    expect(() => {
      assertChain(replace(everyone));
    }).toThrow(unsigned);
  });

  it('counts the different keys that signed', () => {
    expect(signersOf(whole).size).toBe(2);
    expect(signersOf(addContribution(withTwo, 'Alice again', alice)).size).toBe(2);
    expect(signersOf(addContribution(inventTranscript(), 'Nobody')).size).toBe(0);
  });

  it('has a hash that changes with its beginning and with its end', () => {
    const others = [
      withTwo,
      inventTranscript(),
      { ...whole, profile: 'other' },
      changeStep(3, () => ({ at: '2026-03-01T00:00:00Z' })),
      addContribution(withTwo, 'Carol', bob),
    ];
    const hashes = [whole, ...others].map((transcript) => hashTranscript(transcript));
    expect(new Set(hashes).size).toBe(hashes.length);
    // What changes in the middle is refused: the step after it names another.
    expect(() => {
      assertChain(changeStep(0, () => ({ signature: null })));
    }).toThrow(broken);
  });

  it.each([
    ['an unknown field', { ...whole, note: 'x' }],
    ['another version', { ...whole, format: 'solvent/ceremony/v3' }],
    ['a name of 65 bytes', { ...withTwo, steps: [{ ...withTwo.steps[0], contributor: 'x'.repeat(65) }] }],
    ['a beacon of 31 bytes', { ...whole, steps: [{ ...whole.steps[3], value: 'ab'.repeat(31) }] }],
    ['an announcement of nothing', { ...whole, beacon: '' }],
  ])('with %s is not read', (_, value) => {
    expect(() => parseTranscript(encodeTranscript(value as Transcript))).toThrow(
      expect.objectContaining({ errorClass: 'format' }) as Error,
    );
  });

  it('gives its contributors lines to publish that name all that they did', () => {
    const lines = formatAttestation(whole, 1);
    expect(lines).toContain(hashCeremony(whole));
    expect(lines).toContain(hashStep(whole.steps[0]!));
    expect(lines).toContain(alice.publicKey);
    for (const { circuit, circuitHash, contributionHash } of whole.steps[0]!.keys) {
      for (const part of [circuit, circuitHash, contributionHash]) expect(lines).toContain(part);
    }
  });
});
