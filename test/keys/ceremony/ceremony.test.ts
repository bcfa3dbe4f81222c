import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFile,
  cp,
  mkdir,
  open,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { Command } from 'commander';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

import { groupCount, wordCount, type Proof } from '../../../src/protocol/index.js';
import { addTrustCommands } from '../../../src/cli/commands/trust.js';
import { exportTrust } from '../../../src/identity/index.js';
import { formatTrust } from '../../../src/presentation/index.js';
import {
  applyBeacon,
  compileCircuit,
  contribute,
  finishCeremony,
  hashTranscript,
  initCeremony,
  listKeys,
  loadKeys,
  loadTranscript,
  type CeremonyProgress,
  type Contribution,
  type FinishedCeremony,
} from '../../../src/keys/index.js';
import { installCeremony } from '../../../src/keys/ceremony/finish.js';
import { ceremonyKeyPath, currentKeyPath, saveTranscript } from '../../../src/keys/ceremony/directory.js';
import {
  assertPublished,
  deriveCeremony as verifyCeremony,
  type DerivationOptions,
} from '../../../src/keys/ceremony/verify.js';
import { hashFile } from '../../../src/system/index.js';
import { quicknetInstantMs } from '../../../src/protocol/beacon/index.js';
import {
  hashLastStep,
  parseCeremonyEvidence,
  type Step,
  type Transcript,
} from '../../../src/protocol/ceremony/index.js';
import { createPairing, verifyCeremonyEvidence } from '../../../src/verifier/index.js';
import type { ApplyBeaconOptions } from '../../../src/keys/ceremony/apply-beacon.js';
import { verifyWithSnarkjs } from '../../prover/snarkjs-verify.js';
import { makeSigningKey } from '../../verifier/manifests.js';
import {
  ANNOUNCED_BEACON,
  BEACON_VALUE,
  beginLeast,
  finishCached,
  CACHE,
  makeDirectory,
  loadLeastPowers,
  PROFILES_WITH_LEAST,
} from './least-ceremony.js';
import { LEAST } from '../least-profile.js';

const refusal = (code: string) => expect.objectContaining({ code }) as Error;
const alice = makeSigningKey();
const bob = makeSigningKey();

let root: string;
let open0: string;
let directory: string;
let powersOfTauPath: string;
let first: Contribution;
let finished: FinishedCeremony;
const progress: CeremonyProgress[] = [];

const options = (at = directory): DerivationOptions => ({
  directory: at,
  powersOfTauPath,
  cacheDirectory: CACHE,
  profiles: PROFILES_WITH_LEAST,
});

beforeAll(async () => {
  root = makeDirectory();
  powersOfTauPath = (await loadLeastPowers()).path;
  directory = await beginLeast(root);
  const step = { directory, cacheDirectory: CACHE };
  first = await contribute({
    ...step,
    contributor: 'Alice',
    signingKey: alice,
    onProgress: (event) => progress.push(event),
  });
  await contribute({ ...step, contributor: 'Bob', signingKey: bob, ownEntropy: 'dice: 3 1 4 1 5' });
  open0 = join(root, 'open');
  await cp(directory, open0, { recursive: true });
  await contribute({ ...step, contributor: 'Carol' });
  await applyBeacon({ ...step, value: BEACON_VALUE });
  // As the command does it: compiled anew, with no cache.
  finished = await finishCeremony({ ...options(), keysDirectory: join(root, 'keys') });
});
afterAll(() => rm(root, { recursive: true }));

/** A copy of the closed ceremony, with another transcript, for one test to spoil. */
async function spoil(name: string, change: (transcript: Transcript) => Transcript): Promise<string> {
  const copy = join(root, name);
  await cp(directory, copy, { recursive: true });
  await saveTranscript(copy, change(await loadTranscript(copy)));
  return copy;
}

/** A transcript with its steps changed and then chained anew: as consistent as an attacker can make it. */
function rechain(transcript: Transcript, steps: readonly Step[]): Transcript {
  let next: Transcript = { ...transcript, steps: [] };
  for (const step of steps) {
    const before =
      next.steps.at(-1)?.keys ?? next.circuits.map(({ initialSha256 }) => ({ afterSha256: initialSha256 }));
    const keys = step.keys.map((key, index) => ({ ...key, beforeSha256: before[index]!.afterSha256 }));
    const bare = step.kind === 'contribution' ? { ...step, signature: null } : step;
    next = { ...next, steps: [...next.steps, { ...bare, previous: hashLastStep(next), keys }] };
  }
  return next;
}

describe('a ceremony of three contributors and a beacon', () => {
  it('is derived again from its source', () => {
    const report = finished.ceremony;
    expect(report).toMatchObject({
      state: 'closed',
      contributions: 3,
      signers: 2,
      comparedWithPublished: false,
      powersOfTau: { source: 'untrusted' },
    });
    expect(report.keys.map(({ circuit }) => circuit.name)).toEqual(['spot-1', 'margin-1']);
  });

  it('shows each contributor what to publish, and how far it is', () => {
    expect(first.attestation).toContain('I am Alice.');
    expect(first.attestation).toContain(first.stepHash);
    expect(first.attestation).toContain(alice.publicKey);
    expect(progress.map(({ stage, circuit }) => `${stage} ${circuit!}`)).toEqual(
      expect.arrayContaining(['checking the key spot-1', 'contributing spot-1', 'contributing margin-1']),
    );
    expect(progress.at(-1)).toMatchObject({ circuit: 'margin-1', done: 1, total: 1 });
  });

  it('keeps one small transcript, the newest keys, and no secret', async () => {
    expect((await readdir(directory)).sort()).toEqual(['keys', 'transcript.json']);
    expect(await readdir(join(directory, 'keys'))).toHaveLength(2);
    const transcript = await readFile(join(directory, 'transcript.json'), 'utf8');
    expect(transcript.length).toBeLessThan(16_000);
    expect(transcript).not.toContain('dice');
  });

  it('puts its keys where proofs are made, with where they come from', async () => {
    const { transcript, transcriptHash } = finished.ceremony;
    expect(transcriptHash).toBe(hashTranscript(transcript));
    expect(finished.provenance).toEqual({
      kind: 'ceremony',
      contributions: 3,
      signers: 2,
      beacon: ANNOUNCED_BEACON,
      powersOfTau: { source: 'untrusted', blake2b: transcript.powersOfTau.blake2b },
      transcriptHash,
    });
    const listings = await listKeys(join(root, 'keys'), { check: true });
    expect(listings.map(({ circuit, isWhole }) => [circuit, isWhole])).toEqual([
      ['spot-1', true],
      ['margin-1', true],
    ]);
    expect(listings.map(({ provenance }) => provenance)).toEqual([finished.provenance, finished.provenance]);
    expect(await hashFile(join(root, 'keys', 'transcript.json'))).toBe(
      await hashFile(join(directory, 'transcript.json')),
    );
  });

  it('has keys that prove what is true, and not a changed statement', async () => {
    const { proof, publicSignals } = await proveEmptyBatch();
    const key = (await loadKeys(join(root, 'keys'))).circuits[0]!.verificationKey;
    expect(await verifyWithSnarkjs(key, publicSignals, proof)).toBe(true);
    const changed = publicSignals.with(1, '9');
    expect(await verifyWithSnarkjs(key, changed, proof)).toBe(false);
  });

  it('agrees with what was published of it, and with nothing else', async () => {
    const { circuits } = exportTrust(finished.keys, { ...alice, platform: 'Example Exchange' });
    const verified = finished.ceremony;
    assertPublished(verified, circuits);
    const change = (of: object) =>
      circuits.map((circuit, index) => (index === 0 ? { ...circuit, ...of } : circuit));
    for (const wrong of [
      circuits.slice(1),
      change({ fingerprint: '0'.repeat(64) }),
      change({ tag: '1' }),
      change({ provenance: { ...finished.provenance, signers: 3 } }),
      change({ name: 'margin-2' }),
    ]) {
      expect(() => {
        assertPublished(verified, wrong);
      }).toThrow(refusal('fingerprint-differs'));
    }
    await expect(verifyCeremony({ ...options(), published: circuits.slice(1) })).rejects.toThrow(
      refusal('fingerprint-differs'),
    );
  });

  it('fits a page in print', () => {
    const page = formatTrust(exportTrust(finished.keys, { ...alice, platform: 'Example Exchange' }));
    expect(page.split('\n').length).toBeLessThan(20);
    expect(page).toContain('a ceremony of 3 contributions, signed by 2 different keys');
    expect(page).toContain('UNTRUSTED');
  });

  it('is closed', async () => {
    const step = { directory, cacheDirectory: CACHE };
    await expect(contribute({ ...step, contributor: 'Dave' })).rejects.toThrow(refusal('ceremony-closed'));
    await expect(applyBeacon({ ...step, value: BEACON_VALUE })).rejects.toThrow(refusal('ceremony-closed'));
  });

  it('finishes again into the same directory, and never over other keys', async () => {
    const stages: string[] = [];
    const again = await finishCached({
      ...options(),
      keysDirectory: join(root, 'keys'),
      // With a second opinion, which is the same.
      withSnarkjs: true,
      onProgress: ({ stage }) => stages.push(stage),
    });
    expect(stages).toContain('verifying with snarkjs');
    expect(again.provenance).toEqual(finished.provenance);
    const other = join(root, 'other-keys');
    await cp(join(root, 'keys'), other, { recursive: true });
    const record = await readFile(join(other, 'keys.json'), 'utf8');
    const { transcriptHash } = finished.ceremony;
    await writeFile(join(other, 'keys.json'), record.replaceAll(transcriptHash, '0'.repeat(64)));
    await expect(installCeremony(again.ceremony, { keysDirectory: other })).rejects.toThrow(
      refusal('keys-exist'),
    );
  });

  it('gives keys that are refused by name once they are cut short or changed', async () => {
    const copy = join(root, 'damaged-keys');
    await cp(join(root, 'keys'), copy, { recursive: true });
    const path = join(copy, 'margin-1.zkey');
    await flipByte(path, 5000);
    expect((await listKeys(copy, { check: true })).map(({ isWhole }) => isWhole)).toEqual([true, false]);
    await expect((await loadKeys(copy)).circuits[1]!.checkFiles()).rejects.toThrow(
      refusal('key-file-changed'),
    );
    await truncate(path, 5000);
    await expect(listKeys(copy)).rejects.toMatchObject({ code: 'key-file-changed', details: { path } });
  });
});

describe('solvent trust export, of keys of a ceremony', () => {
  const platform = ['--platform', 'Example Exchange', '--public-key', alice.publicKey];

  async function exportFrom(keys: string, out: string): Promise<string> {
    let written = '';
    const program = new Command().exitOverride();
    addTrustCommands(program, { write: (text) => (written += text), end: () => undefined });
    const args = ['trust', 'export', '--keys', keys, ...platform, '--out', out];
    await program.parseAsync(args, { from: 'user' });
    return written;
  }

  /** A copy of the keys, for one test to spoil. */
  async function copyKeys(name: string): Promise<string> {
    await cp(join(root, 'keys'), join(root, name), { recursive: true });
    return join(root, name);
  }

  it('recounts the ceremony, and puts its evidence beside the trust file', async () => {
    const out = join(root, 'export', 'trust.json');
    await mkdir(join(root, 'export'));
    expect(await exportFrom(join(root, 'keys'), out)).toContain('a ceremony of 3 contributions');
    const beside = await readFile(join(root, 'export', 'ceremony.json'));
    expect(beside).toEqual(await readFile(join(root, 'keys', 'ceremony.json')));
    // Again it finds its work done; evidence of other keys is not written over.
    await exportFrom(join(root, 'keys'), out);
    await writeFile(join(root, 'export', 'ceremony.json'), 'of other keys');
    await expect(exportFrom(join(root, 'keys'), out)).rejects.toThrow(refusal('file-exists'));
  });

  it('refuses keys without evidence, of more than it shows, or of another ceremony, and writes nothing', async () => {
    const out = join(root, 'refused-trust.json');
    const bare = await copyKeys('bare-keys');
    await rm(join(bare, 'ceremony.json'));
    await expect(exportFrom(bare, out)).rejects.toThrow(refusal('ceremony-evidence-missing'));
    const boastful = await copyKeys('boastful-keys');
    const record = await readFile(join(boastful, 'keys.json'), 'utf8');
    await writeFile(join(boastful, 'keys.json'), record.replaceAll('"signers":2', '"signers":3'));
    await expect(exportFrom(boastful, out)).rejects.toThrow(refusal('ceremony-provenance-differs'));
    const foreign = await copyKeys('foreign-keys');
    const golden = join(import.meta.dirname, '../../../conformance/ceremony/ceremony.json');
    await copyFile(golden, join(foreign, 'ceremony.json'));
    await expect(exportFrom(foreign, out)).rejects.toThrow(refusal('ceremony-provenance-differs'));
    expect(await readdir(root)).not.toContain('refused-trust.json');
    expect(await readdir(root)).not.toContain('ceremony.json');
  });
});

describe('a ceremony that is not what it says', () => {
  it('has a transcript with a gap', async () => {
    const copy = await spoil('gap', (transcript) => ({
      ...transcript,
      steps: transcript.steps.filter((_, index) => index !== 1),
    }));
    await expect(verifyCeremony(options(copy))).rejects.toThrow(refusal('transcript-broken'));
  });

  it('has a contribution left out, renamed or added, and the rest chained anew', async () => {
    const [one, two, three, last] = finished.ceremony.transcript.steps as [Step, Step, Step, Step];
    const renamed = { ...two, contributor: 'Mallory' } as Step;
    for (const [index, steps] of [
      [one, three, last],
      [one, renamed, three, last],
      [one, two, two, three, last],
    ].entries()) {
      const copy = await spoil(`chained-${index}`, (transcript) => rechain(transcript, steps));
      await expect(verifyCeremony(options(copy))).rejects.toThrow(refusal('transcript-of-other-keys'));
    }
  });

  it('has a changed key, or none', async () => {
    const copy = await spoil('changed', (transcript) => transcript);
    const transcript = await loadTranscript(copy);
    const path = currentKeyPath(copy, transcript, transcript.circuits[0]!);
    await flipByte(path, (await stat(path)).size - 1);
    await expect(verifyCeremony(options(copy))).rejects.toMatchObject({
      code: 'ceremony-key-changed',
      details: { path },
    });
    await rm(path);
    await expect(verifyCeremony(options(copy))).rejects.toThrow(refusal('ceremony-key-changed'));
  });

  it('has the key of another circuit', async () => {
    const [spot, margin] = finished.keys.circuits;
    const copy = await spoil('swapped', (transcript) => renameLastKey(transcript, 0, margin!.zkeySha256));
    await copyFile(margin!.zkeyPath, ceremonyKeyPath(copy, spot!.name, margin!.zkeySha256));
    await expect(verifyCeremony(options(copy))).rejects.toThrow(refusal('transcript-of-other-keys'));
  });

  it('has a key with points that no contribution made, or that are no points', async () => {
    const transcript = await loadTranscript(directory);
    const path = currentKeyPath(directory, transcript, transcript.circuits[0]!);
    for (const [index, { section, code }] of [
      // Section 8, which every contribution multiplies; section 3, which is the public signals'.
      { section: 8, code: 'ceremony-key-invalid' },
      { section: 3, code: 'ceremony-key-invalid' },
      { section: 10, code: 'ceremony-key-malformed' },
    ].entries()) {
      const made = join(root, `made-${index}.zkey`);
      await copyFile(path, made);
      const at = await offsetOf(made, section);
      // Two points change places, or a coordinate is another number.
      if (section === 10) await flipByte(made, at + 64 + 4);
      else await swapPoints(made, at);
      const sha256 = await hashFile(made);
      const copy = await spoil(`points-${index}`, (before) => renameLastKey(before, 0, sha256));
      await copyFile(made, ceremonyKeyPath(copy, 'spot-1', sha256));
      await expect(verifyCeremony(options(copy))).rejects.toThrow(refusal(code));
    }
  });

  it('has a key that is no key at all, which nobody can contribute to', async () => {
    const copy = join(root, 'no-key');
    await cp(open0, copy, { recursive: true });
    const bytes = Buffer.from('zkey, it says');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    await saveTranscript(copy, renameLastKey(await loadTranscript(copy), 0, sha256));
    await writeFile(ceremonyKeyPath(copy, 'spot-1', sha256), bytes);
    const add = contribute({ directory: copy, cacheDirectory: CACHE, contributor: 'Dave' });
    // The last step was signed by Bob, and not with this key.
    await expect(add).rejects.toThrow(refusal('transcript-signature-invalid'));
    const { steps } = await loadTranscript(copy);
    const unsigned = { ...steps[1]!, signature: null } as Step;
    const transcript = await loadTranscript(copy);
    await saveTranscript(copy, { ...transcript, steps: [steps[0]!, unsigned] });
    const again = contribute({ directory: copy, cacheDirectory: CACHE, contributor: 'Dave' });
    await expect(again).rejects.toThrow(refusal('ceremony-key-malformed'));
  });

  it('is for other circuits, or another profile', async () => {
    const changes: ((transcript: Transcript) => Transcript)[] = [
      (transcript) => ({ ...transcript, profile: 'tiny' }),
      (transcript) => ({
        ...transcript,
        circuits: transcript.circuits.slice(0, 1).concat(transcript.circuits),
      }),
      (transcript) => changeCircuit(transcript, { tag: '1' }),
      (transcript) => changeCircuit(transcript, { r1csSha256: '0'.repeat(64) }),
    ];
    for (const [index, change] of changes.entries()) {
      const copy = await spoil(`other-${index}`, (transcript) => {
        const changed = change(transcript);
        return rechain(changed, changed.circuits.length === 2 ? changed.steps : []);
      });
      await expect(verifyCeremony(options(copy))).rejects.toThrow(refusal('ceremony-of-other-circuits'));
    }
  });

  it('has other powers of tau, or an initial key that is not theirs', async () => {
    const other = join(root, 'other.ptau');
    await copyFile(powersOfTauPath, other);
    await flipByte(other, (await stat(other)).size - 1);
    await expect(verifyCeremony({ ...options(), powersOfTauPath: other })).rejects.toThrow(
      refusal('powers-of-tau-changed'),
    );
    const copy = await spoil('initial', (transcript) => {
      const changed = changeCircuit(transcript, { initialSha256: '0'.repeat(64) });
      return rechain(changed, changed.steps);
    });
    await expect(verifyCeremony(options(copy))).rejects.toThrow(refusal('ceremony-key-invalid'));
  });

  it('is not there', async () => {
    for (const act of [
      () => verifyCeremony(options(join(root, 'none'))),
      () => contribute({ directory: join(root, 'none'), cacheDirectory: CACHE, contributor: 'Alice' }),
    ]) {
      await expect(act()).rejects.toThrow(refusal('ceremony-missing'));
    }
  });
});

describe('an open ceremony', () => {
  it('cannot be finished without its beacon', async () => {
    await expect(finishCeremony({ ...options(open0), keysDirectory: join(root, 'early') })).rejects.toThrow(
      refusal('ceremony-without-beacon'),
    );
  });

  it.each(['', ' Alice', 'Ali\u0000ce', 'x'.repeat(65), 'Cafe\u0301'])(
    'takes no contribution by %j',
    async (contributor) => {
      await expect(contribute({ directory: open0, cacheDirectory: CACHE, contributor })).rejects.toThrow(
        refusal('contributor-name-unfit'),
      );
    },
  );

  it('is not begun again where one is, or with powers that nobody called untrusted', async () => {
    const init = {
      profile: LEAST,
      powersOfTauPath,
      beacon: ANNOUNCED_BEACON,
      cacheDirectory: CACHE,
    };
    await expect(
      initCeremony({ ...init, directory: open0, allowUntrustedPowersOfTau: true }),
    ).rejects.toThrow(refusal('directory-exists'));
    await expect(initCeremony({ ...init, directory: join(root, 'new') })).rejects.toThrow(
      refusal('powers-of-tau-unknown'),
    );
    for (const beacon of ['', '  ', 'two\nlines', 'x'.repeat(201)]) {
      await expect(initCeremony({ ...init, beacon, directory: join(root, 'new') })).rejects.toThrow(
        refusal('announcement-unfit'),
      );
    }
  });

  it('loses nothing on a full disk', async (context) => {
    const copy = join(root, 'full');
    await cp(open0, copy, { recursive: true });
    // The largest file that this process may write, for a moment: a full disk that needs no disk.
    const limit = (value: string) =>
      spawnSync('prlimit', ['--pid', String(process.pid), `--fsize=${value}:`]).status === 0;
    if (!limit('100000')) {
      context.skip('there is no prlimit here');
      return;
    }
    const before = await loadTranscript(copy);
    try {
      await expect(
        contribute({ directory: copy, cacheDirectory: CACHE, contributor: 'Dave' }),
      ).rejects.toMatchObject({ code: 'disk-full', errorClass: 'usage' });
    } finally {
      limit('unlimited');
    }
    expect(await loadTranscript(copy)).toEqual(before);
    await contribute({ directory: copy, cacheDirectory: CACHE, contributor: 'Dave' });
    expect((await loadTranscript(copy)).steps).toHaveLength(3);
  });
});

/** Public values, as drand publishes them. */
const ROUND = {
  round: 123,
  randomness: 'fb8f7bc29bf24db51871ec8c79f3a1e4bd0557bc0dfcee9ed1d924e69d1c60dc',
  signature:
    'b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482e26cd02df835d3546d23c4b13e0dfc92',
};

describe('a ceremony that announced a round of drand quicknet', () => {
  const publicAtMs = quicknetInstantMs(ROUND.round);
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is closed by the signature of its network alone, after its last contribution, and shown to be', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: publicAtMs - 600_000 });
    const own = join(root, 'drand');
    const at = await beginLeast(own, `drand quicknet, round ${ROUND.round}`);
    const step = { directory: at, cacheDirectory: CACHE };
    await contribute({ ...step, contributor: 'Alice', signingKey: alice });
    vi.setSystemTime(publicAtMs + 600_000);
    const drandSignature = ROUND.signature;
    const close = (given: Partial<ApplyBeaconOptions>) => applyBeacon({ ...step, ...given });
    await expect(close({ value: ROUND.randomness })).rejects.toThrow(refusal('beacon-unfit'));
    const other = drandSignature.replace('b75c', 'b75d');
    await expect(close({ drandSignature: other })).rejects.toThrow(refusal('beacon-signature-invalid'));
    await assertClosedTooLate(at, own);

    const closed = await close({ drandSignature });
    expect(closed.step).toMatchObject({ value: ROUND.randomness, drandSignature });
    const keysDirectory = join(own, 'keys');
    const { keys } = await finishCached({ ...options(at), keysDirectory });
    const evidence = parseCeremonyEvidence(await readFile(join(keysDirectory, 'ceremony.json')));
    const shown = await verifyCeremonyEvidence(evidence, keys.circuits, { pairing: await createPairing() });
    expect(shown).toMatchObject({ contributions: 1, signers: 1, beaconVerified: true });
  });

  /** Whoever contributes once the round is public may have chosen their secret to its value. */
  async function assertClosedTooLate(directory: string, own: string): Promise<void> {
    const late = join(own, 'late');
    await cp(directory, late, { recursive: true });
    const transcript = await loadTranscript(late);
    const steps = transcript.steps.map((step) => ({
      ...step,
      ...{ at: new Date(publicAtMs).toISOString().replace('.000', ''), signature: null },
    })) as Step[];
    await saveTranscript(late, { ...transcript, steps });
    const close = applyBeacon({ directory: late, cacheDirectory: CACHE, drandSignature: ROUND.signature });
    await expect(close).rejects.toThrow(refusal('beacon-unfit'));
  }
});

/** A proof of empty rows, by raw snarkjs under the finished spot key. */
async function proveEmptyBatch(): Promise<{ proof: Proof; publicSignals: string[] }> {
  const { groth16 } = createRequire(import.meta.url)('snarkjs') as {
    groth16: {
      fullProve(
        input: object,
        wasm: string,
        zkey: string,
        ...rest: unknown[]
      ): Promise<{ proof: Record<'pi_a' | 'pi_b' | 'pi_c', unknown[]>; publicSignals: string[] }>;
    };
  };
  const layout = LEAST.layouts[0]!;
  const { wasmPath } = await compileCircuit(layout, { cacheDirectory: CACHE });
  const zeros = (length: number) => new Array<string>(length).fill('0');
  const input = {
    rho: '11',
    x: '1048583',
    amount: zeros(layout.rows * layout.slots),
    code: zeros(layout.rows * layout.slots),
    blind: '7',
    maskL: '8',
    mask: zeros(groupCount(layout) * wordCount(layout)),
  };
  const zkeyPath = finished.keys.circuits[0]!.zkeyPath;
  const made = await groth16.fullProve(input, wasmPath, zkeyPath, undefined, undefined, {
    singleThread: true,
  });
  const { pi_a: a, pi_b: b, pi_c: c } = made.proof;
  const proof = { a: a.slice(0, 2), b: b.slice(0, 2), c: c.slice(0, 2) } as Proof;
  return { proof, publicSignals: made.publicSignals };
}

function changeCircuit(transcript: Transcript, change: object): Transcript {
  const [first, ...rest] = transcript.circuits;
  return { ...transcript, circuits: [{ ...first!, ...change }, ...rest] };
}

/** The same transcript, but for the file that its last step left of one circuit. */
function renameLastKey(transcript: Transcript, index: number, afterSha256: string): Transcript {
  const last = transcript.steps.at(-1)!;
  const keys = last.keys.map((key, at) => (at === index ? { ...key, afterSha256 } : key));
  return { ...transcript, steps: [...transcript.steps.slice(0, -1), { ...last, keys }] };
}

async function flipByte(path: string, position: number): Promise<void> {
  const file = await open(path, 'r+');
  const byte = Buffer.alloc(1);
  await file.read(byte, 0, 1, position);
  await file.write(Buffer.of(byte[0]! ^ 1), 0, 1, position);
  await file.close();
}

/** Two points of a section change places. */
async function swapPoints(path: string, offset: number): Promise<void> {
  const file = await open(path, 'r+');
  const points = Buffer.alloc(128);
  await file.read(points, 0, 128, offset);
  await file.write(Buffer.concat([points.subarray(64), points.subarray(0, 64)]), 0, 128, offset);
  await file.close();
}

async function offsetOf(path: string, section: number): Promise<number> {
  const bytes = await readFile(path);
  for (let position = 12; ; position += 12 + Number(bytes.readBigUInt64LE(position + 4))) {
    if (bytes.readUInt32LE(position) === section) return position + 12;
  }
}
