import { InvalidArgumentError, type Command } from 'commander';

import { cacheDirectory } from '../../system/index.js';
import { parseManifest, parseTrust, type PinnedCircuit } from '../../protocol/index.js';
import { loadPublished } from '../../verifier/node/index.js';
import { applyBeacon, contribute, finishCeremony, initCeremony, verifyCeremony } from '../../keys/index.js';
import { withCeremonyProgress } from '../ceremony-progress.js';
import { addIdentityOptions, findIdentity, type IdentityFlags } from '../identity-flags.js';
import { readLine } from '../passphrase.js';
import { parseProfile, PROFILE_NAMES } from '../profile-flag.js';
import { renderCeremony } from '../render-ceremony.js';
import { formatCount } from '../table.js';

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

type InitFlags = {
  readonly profile: string;
  readonly ptau: string;
  readonly untrustedPtau?: true;
  readonly beacon: string;
};

function addInit(ceremony: Command): void {
  ceremony
    .command('init')
    .description('begin a ceremony: a folder to be handed from one contributor to the next')
    .argument('<directory>', 'new or empty')
    .requiredOption('--profile <name>', `the sizes of the circuits: ${PROFILE_NAMES}`)
    .requiredOption('--ptau <file>', 'prepared powers of tau; docs/operations.md says which')
    .option('--untrusted-ptau', 'take powers of tau that are not the published ones, and say so for ever')
    .requiredOption('--beacon <text>', 'which public value, not known yet, will close it')
    .action(async (directory: string, flags: InitFlags) => {
      const { ceremonyHash, powersOfTau } = await withCeremonyProgress((onProgress) =>
        initCeremony({
          directory,
          profile: parseProfile(flags.profile),
          powersOfTauPath: flags.ptau,
          allowUntrustedPowersOfTau: flags.untrustedPtau ?? false,
          beacon: flags.beacon,
          cacheDirectory: cacheDirectory(),
          onProgress,
        }),
      );
      const untrusted =
        powersOfTau.source === 'untrusted' ? 'UNTRUSTED powers of tau' : 'published powers of tau';
      process.stdout.write(
        `Began the ceremony ${ceremonyHash} from ${untrusted}.\n` +
          `Announce that hash and its beacon, "${flags.beacon}", where everyone sees the same.\n` +
          `Each contributor runs: solvent ceremony contribute ${directory} --name NAME\n`,
      );
    });
}

type ContributeFlags = IdentityFlags & {
  readonly name: string;
  readonly entropy?: true;
  readonly discardUnfinished?: true;
};

function addContribute(ceremony: Command): void {
  const command = ceremony
    .command('contribute')
    .description('add a secret that this machine then forgets; run it again to go on where it was stopped')
    .argument('<directory>', 'the folder that was handed to you')
    .requiredOption('--name <name>', 'your public name');
  addIdentityOptions(command, 'your private key, to sign the contribution')
    .option('--entropy', 'ask for randomness of your own, which is added to the system’s')
    .option('--discard-unfinished', 'drop a contribution of another name that was begun here')
    .action(async (directory: string, flags: ContributeFlags) => {
      const signingKey = await findIdentity(flags);
      const ownEntropy =
        flags.entropy === true ? await readLine('Type whatever comes to you, then Enter: ') : '';
      const { attestation } = await withCeremonyProgress((onProgress) =>
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
      process.stdout.write(
        `Contributed. Publish these lines where people know you, then hand ${directory} on:\n\n${attestation}`,
      );
    });
}

type BeaconFlags = {
  readonly value: string;
  readonly iterations?: number;
  readonly discardUnfinished?: true;
};

function addBeacon(ceremony: Command): void {
  ceremony
    .command('beacon')
    .description('close the ceremony with the public value that it announced')
    .argument('<directory>', 'the folder of the ceremony')
    .requiredOption('--value <hex>', 'the value: 32 to 64 bytes')
    .option('--iterations <exponent>', 'hash it 2^exponent times, 10 to 24 (default: 10)', parseExponent)
    .option('--discard-unfinished', 'drop a contribution that was begun here')
    .action(async (directory: string, flags: BeaconFlags) => {
      const { transcript, transcriptHash } = await withCeremonyProgress((onProgress) =>
        applyBeacon({
          directory,
          cacheDirectory: cacheDirectory(),
          value: flags.value,
          discardUnfinished: flags.discardUnfinished ?? false,
          ...(flags.iterations === undefined ? {} : { iterationsExponent: flags.iterations }),
          onProgress,
        }),
      );
      process.stdout.write(
        `Closed after ${formatCount(transcript.steps.length - 1, 'contribution')} with ${transcript.beacon}.\n` +
          `Transcript hash, to be published: ${transcriptHash}\n`,
      );
    });
}

type VerifyFlags = { readonly ptau: string; readonly trust?: string; readonly manifest?: string };

function addVerify(ceremony: Command): void {
  ceremony
    .command('verify')
    .description('derive a ceremony again from this source and the powers of tau')
    .argument('<directory>', 'the folder of the ceremony')
    .requiredOption('--ptau <file>', 'the powers of tau that it began with')
    .option('--trust <file>', 'compare its keys with those of a trust file')
    .option('--manifest <file>', 'compare its keys with those of a manifest')
    .action(async (directory: string, flags: VerifyFlags) => {
      const published = await loadPinned(flags);
      const report = await withCeremonyProgress((onProgress) =>
        verifyCeremony({
          directory,
          powersOfTauPath: flags.ptau,
          cacheDirectory: cacheDirectory(),
          ...(published === undefined ? {} : { published }),
          onProgress,
        }),
      );
      process.stdout.write(renderCeremony(report));
    });
}

function addFinish(ceremony: Command): void {
  ceremony
    .command('finish')
    .description('verify a closed ceremony and put its keys where proofs are made')
    .argument('<directory>', 'the folder of the ceremony')
    .requiredOption('--ptau <file>', 'the powers of tau that it began with')
    .requiredOption('--keys <dir>', 'where the keys go')
    .action(async (directory: string, flags: { readonly ptau: string; readonly keys: string }) => {
      const { ceremony: report } = await withCeremonyProgress((onProgress) =>
        finishCeremony({
          directory,
          powersOfTauPath: flags.ptau,
          keysDirectory: flags.keys,
          cacheDirectory: cacheDirectory(),
          onProgress,
        }),
      );
      process.stdout.write(
        `${renderCeremony(report)}\nThe keys are in ${flags.keys}, with the transcript to publish. Next: solvent trust export\n`,
      );
    });
}

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
