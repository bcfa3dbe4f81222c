import { InvalidArgumentError, type Command } from 'commander';

import { cacheDirectory } from '../../system/index.js';
import { parseManifest, parseTrust, type PinnedCircuit } from '../../protocol/index.js';
import { loadPublished } from '../../verifier/node/index.js';
import { applyBeacon, contribute, finishCeremony, initCeremony, verifyCeremony } from '../../keys/index.js';
import { addExample } from '../../verifier/command/index.js';
import { withCeremonyProgress } from '../progress.js';
import {
  addIdentityOptions,
  findIdentity,
  type IdentityFlags,
  parseProfile,
  PROFILE_NAMES,
  wideOption,
  type CircuitFlags,
} from '../arguments.js';
import { addOutputOptions, writeResult, type OutputFlags } from '../output.js';
import { readLine } from '../passphrase.js';

import { describeCeremony, renderCeremony } from '../render-ceremony.js';
import { formatCount } from '../../presentation/index.js';

/** `solvent ceremony …`: proving keys that no one party made alone. */
export function addCeremonyCommand(program: Command): void {
  const ceremony = program
    .command('ceremony')
    .description('make the keys of a profile with others, so that no one of them can forge a proof');
  addInit(ceremony);
  addContribute(ceremony);
  addBeacon(ceremony);
  addVerify(ceremony);
  addFinish(ceremony);
}

type InitFlags = OutputFlags &
  CircuitFlags & {
    readonly ptau: string;
    readonly untrustedPtau?: true;
    readonly beacon: string;
  };

function addInit(ceremony: Command): void {
  const command = ceremony
    .command('init')
    .description('begin a ceremony: a directory to be handed from one contributor to the next')
    .argument('<directory>', 'new or empty')
    .requiredOption('--profile <name>', `the sizes of the circuits: ${PROFILE_NAMES}`)
    .addOption(wideOption())
    .requiredOption('--ptau <file>', 'prepared powers of tau; docs/operations.md says which')
    .option('--untrusted-ptau', 'take powers of tau that are not the published ones, and say so for ever')
    .requiredOption('--beacon <text>', 'which public value, not known yet, will close it');
  addOutputOptions(command, { isLong: true });
  addExample(
    command,
    'ceremony init ceremony --profile standard --ptau powersOfTau28_hez_final_18.ptau --beacon "drand quicknet, round 20000000"',
  ).action(async (directory: string, flags: InitFlags) => {
    const { ceremonyHash, powersOfTau } = await withCeremonyProgress(flags, (onProgress) =>
      initCeremony({
        directory,
        profile: parseProfile(flags),
        powersOfTauPath: flags.ptau,
        allowUntrustedPowersOfTau: flags.untrustedPtau ?? false,
        beacon: flags.beacon,
        cacheDirectory: cacheDirectory(),
        onProgress,
      }),
    );
    const untrusted =
      powersOfTau.source === 'untrusted' ? 'UNTRUSTED powers of tau' : 'published powers of tau';
    writeResult(flags, {
      object: { directory, ceremonyHash, beacon: flags.beacon, powersOfTau },
      text:
        `Began the ceremony ${ceremonyHash} from ${untrusted}.\n` +
        `Announce that hash and its beacon, "${flags.beacon}", where everyone sees the same.\n` +
        `Each contributor runs: solvent ceremony contribute ${directory} --name NAME\n`,
      line: ceremonyHash,
    });
  });
}

type ContributeFlags = OutputFlags &
  IdentityFlags & {
    readonly name: string;
    readonly entropy?: true;
    readonly discardUnfinished?: true;
  };

function addContribute(ceremony: Command): void {
  const command = ceremony
    .command('contribute')
    .description('add a secret that this machine then forgets; run it again to go on where it was stopped')
    .argument('<directory>', 'the directory that was handed to you')
    .requiredOption('--name <name>', 'your public name');
  addIdentityOptions(command, 'your private key, to sign the contribution')
    .option('--entropy', 'ask for randomness of your own, which is added to the system’s')
    .option('--discard-unfinished', 'drop a contribution of another name that was begun here');
  addOutputOptions(command, { isLong: true });
  addExample(command, 'ceremony contribute ceremony --name Alice --identity alice.pem').action(
    async (directory: string, flags: ContributeFlags) => {
      const signingKey = await findIdentity(flags);
      const ownEntropy =
        flags.entropy === true ? await readLine('Type whatever comes to you, then Enter: ') : '';
      const { attestation, stepHash } = await withCeremonyProgress(flags, (onProgress) =>
        contribute({
          directory,
          cacheDirectory: cacheDirectory(),
          contributor: flags.name,
          ownEntropy,
          discardUnfinished: flags.discardUnfinished ?? false,
          ...(signingKey === undefined ? {} : { signingKey }),
          onProgress,
        }),
      );
      writeResult(flags, {
        object: { directory, contributor: flags.name, stepHash, attestation },
        text: `Contributed. Publish these lines where people know you, then hand ${directory} on:\n\n${attestation}`,
        line: attestation.trimEnd(),
      });
    },
  );
}

type BeaconFlags = OutputFlags & {
  readonly value?: string;
  readonly drandSignature?: string;
  readonly iterations?: number;
  readonly discardUnfinished?: true;
};

function addBeacon(ceremony: Command): void {
  const command = ceremony
    .command('beacon')
    .description('close the ceremony with the public value that it announced')
    .argument('<directory>', 'the directory of the ceremony')
    .option('--value <hex>', 'the value: 32 to 64 bytes')
    .option('--drand-signature <hex>', 'the signature of the announced round of drand quicknet, in its place')
    .option('--iterations <exponent>', 'hash it 2^exponent times, 10 to 24 (default: 10)', parseExponent)
    .option('--discard-unfinished', 'drop a contribution that was begun here');
  addOutputOptions(command, { isLong: true });
  addExample(command, 'ceremony beacon ceremony --value HEX').action(
    async (directory: string, flags: BeaconFlags) => {
      const { transcript, transcriptHash } = await withCeremonyProgress(flags, (onProgress) =>
        applyBeacon({
          directory,
          cacheDirectory: cacheDirectory(),
          ...(flags.value === undefined ? {} : { value: flags.value }),
          ...(flags.drandSignature === undefined ? {} : { drandSignature: flags.drandSignature }),
          discardUnfinished: flags.discardUnfinished ?? false,
          ...(flags.iterations === undefined ? {} : { iterationsExponent: flags.iterations }),
          onProgress,
        }),
      );
      const contributions = transcript.steps.length - 1;
      writeResult(flags, {
        object: { directory, transcriptHash, beacon: transcript.beacon, contributions },
        text:
          `Closed after ${formatCount(contributions, 'contribution')} with ${transcript.beacon}.\n` +
          `Transcript hash, to be published: ${transcriptHash}\n`,
        line: transcriptHash,
      });
    },
  );
}

type VerifyFlags = OutputFlags & {
  readonly ptau: string;
  readonly trust?: string;
  readonly manifest?: string;
  readonly snarkjs?: true;
};

const SECOND_OPINION = 'have snarkjs verify the keys too, as a second opinion: many times as long';

function addVerify(ceremony: Command): void {
  const command = ceremony
    .command('verify')
    .description('derive a ceremony again from this source and the powers of tau')
    .argument('<directory>', 'the directory of the ceremony')
    .requiredOption('--ptau <file>', 'the powers of tau that it began with')
    .option('--trust <file>', 'compare its keys with those of a trust file')
    .option('--manifest <file>', 'compare its keys with those of a manifest')
    .option('--snarkjs', SECOND_OPINION);
  addOutputOptions(command, { isLong: true });
  addExample(
    command,
    'ceremony verify ceremony --ptau powersOfTau28_hez_final_18.ptau --trust trust.json',
  ).action(async (directory: string, flags: VerifyFlags) => {
    const published = await loadPinned(flags);
    const report = await withCeremonyProgress(flags, (onProgress) =>
      verifyCeremony({
        directory,
        powersOfTauPath: flags.ptau,
        ...(published === undefined ? {} : { published }),
        withSnarkjs: flags.snarkjs ?? false,
        onProgress,
      }),
    );
    writeResult(flags, {
      object: describeCeremony(report),
      text: renderCeremony(report),
      line: report.transcriptHash,
    });
  });
}

function addFinish(ceremony: Command): void {
  const command = ceremony
    .command('finish')
    .description('verify a closed ceremony and put its keys where proofs are made')
    .argument('<directory>', 'the directory of the ceremony')
    .requiredOption('--ptau <file>', 'the powers of tau that it began with')
    .requiredOption('--keys <dir>', 'where the keys go')
    .option('--snarkjs', SECOND_OPINION);
  addOutputOptions(command, { isLong: true });
  addExample(command, 'ceremony finish ceremony --ptau powersOfTau28_hez_final_18.ptau --keys keys').action(
    async (directory: string, flags: FinishFlags) => {
      const { ceremony: report } = await withCeremonyProgress(flags, (onProgress) =>
        finishCeremony({
          directory,
          powersOfTauPath: flags.ptau,
          keysDirectory: flags.keys,
          withSnarkjs: flags.snarkjs ?? false,
          onProgress,
        }),
      );
      writeResult(flags, {
        object: { keys: flags.keys, ...describeCeremony(report) },
        text: `${renderCeremony(report)}\nThe keys are in ${flags.keys}, with the transcript to publish. Next: solvent trust export\n`,
        line: report.transcriptHash,
      });
    },
  );
}

type FinishFlags = OutputFlags & { readonly ptau: string; readonly keys: string; readonly snarkjs?: true };

async function loadPinned({ trust, manifest }: VerifyFlags): Promise<VerifiedPublished> {
  if (trust !== undefined) return (await loadPublished(trust, parseTrust)).circuits;
  if (manifest !== undefined) return (await loadPublished(manifest, parseManifest)).circuits;
  return undefined;
}

type VerifiedPublished = readonly PinnedCircuit[] | undefined;

function parseExponent(text: string): number {
  if (!/^[0-9]{2}$/.test(text)) throw new InvalidArgumentError('Expected a whole number from 10 to 24.');
  return Number(text);
}
