import { Option, type Command } from 'commander';

import { EXIT_CODES, formatDecimal, parseTrust } from '../../protocol/index.js';
import { BALANCE_LEVELS, parsePins, type BalanceLevel } from '../../protocol/reserves/index.js';
import { refuseUse } from '../errors.js';
import { renderReservesHtml } from '../html/reserves.js';
import { openBundle, writeFileWhole } from '../node/files.js';
import { createPairingPool } from '../node/pairing-pool.js';
import { loadPublished, openReserves } from '../node/reserves-files.js';

import { toBundleVerdict, type BundleVerdict } from '../reserves/liabilities.js';
import { isReservesUnverifiable } from '../reserves/codes.js';
import type { HeldTwice } from '../reserves/persistence.js';
import { phraseDrawn } from '../reserves/words.js';
import type { AskNode } from '../reserves/checks/nodes.js';
import type { ReservesReport } from '../reserves/report.js';
import type { VerifyReservesOptions } from '../reserves/verify.js';
import { verifyBundle } from '../verify.js';
import { say, speak, type Language } from '../../presentation/index.js';
import { languageOption, parseHash } from './flags.js';
import { addExample, encodeOutput, type Output } from './output.js';
import { renderReservesReport } from './render-reserves.js';

type ReservesFlags = {
  readonly bundle: string;
  readonly trust?: string;
  readonly pins?: string;
  readonly trustHash?: string;
  readonly manifestHash?: string;
  readonly reservesHash?: string | undefined;
  readonly level: BalanceLevel;
  readonly allowDevelopmentKeys?: true;
  readonly json?: true;
  readonly html?: string;
  readonly language: Language;
  readonly persistence?: string;
  readonly persistencePins?: string;
  readonly node?: readonly string[];
  readonly askNode?: AskNode | undefined;
};

/** Nodes that a caller named, as `--node` names them; the verifier has no network of its own. */
export type OpenNodes = (named: readonly string[]) => {
  readonly chains: readonly string[];
  readonly askNode: AskNode;
};

/**
 * `solvent-verify reserves`: what is held against what a bundle shows to be owed, without a network.
 * @param openNodes what `--node` does, for `check` among the commands of `solvent reserves`.
 */
export function addReservesCommand(program: Command, output: Output, openNodes?: OpenNodes): void {
  const name = openNodes === undefined ? 'reserves' : 'check';
  const command = program
    .command(name)
    .description('checks what is held against what a bundle shows to be owed, at block hashes that you pin')
    .argument(
      '<directory>',
      'the reserves: reserves.json, its signature, entries, evidence, headers and states',
    )
    .requiredOption('--bundle <directory>', 'the bundle that shows what is owed; it is verified first')
    .option('--trust <file>', 'the pinned signing key, circuits and keys; never from the bundle')
    .option(
      '--pins <file>',
      'your block hashes, tokens, wallet contracts and custodians; never the platform’s',
    )
    .addOption(
      new Option(
        '--level <level>',
        'the least balance level that counts, with the control that belongs to it',
      )
        .choices([...BALANCE_LEVELS])
        .default('proven'),
    )
    .option('--reserves-hash <hex>', 'the reserves hash from a public place, to compare', parseHash)
    .option('--manifest-hash <hex>', 'the manifest hash from a public place, to compare', parseHash)
    .option('--trust-hash <hex>', 'the hash of the trust file from a public place, to compare', parseHash)
    .option('--allow-development-keys', 'accept keys that can prove anything, for a test')
    .option('--persistence <directory>', 'the same wallets at a second instant, shown beside the first')
    .option('--persistence-pins <file>', 'your block hashes of the second instant')
    .option('--html <file>', 'write the report as one page besides, to keep or to print')
    .addOption(languageOption())
    .option('--json', 'one JSON object instead of text');
  if (openNodes !== undefined) {
    command.option(
      '--node <chain=url...>',
      'a node of your own: it is asked for the pinned blocks and for what is not proven, which counts then',
    );
  }
  addExample(
    command,
    `${name === 'check' ? 'reserves check' : name} reserves --bundle bundle --trust trust.json --pins pins.json --reserves-hash HASH`,
  );
  command.action(async (directory: string, flags: ReservesFlags) => {
    const nodes = flags.node === undefined ? undefined : openNodes?.(flags.node);
    // What the caller's own nodes confirm counts, unless another level is asked for.
    const isDefault = command.getOptionValueSource('level') === 'default';
    const level = nodes !== undefined && isDefault ? 'reproducible' : flags.level;
    const run: ReservesFlags = { ...flags, level, askNode: nodes?.askNode };
    const first = await checkDirectory(directory, run);
    const second = await checkSecond(run, first);
    if (first.valid) assertNodesNeeded(first, nodes?.chains ?? []);
    // The answer is on the first directory that is refused, so that nothing reads as valid beside a failure.
    const report = second?.valid === false ? second : first;
    const isWhole = report === first;
    // Refused until all of it is written: nothing is called covered where a part of what was asked for failed.
    output.end(EXIT_CODES.refused);
    if (flags.html !== undefined) {
      await writeFileWhole(
        flags.html,
        speak(flags.language, () => renderReservesHtml(report)),
      );
    }
    const compared =
      second !== undefined && isWhole ? (await loadChecking()).compareInstants(first, second) : undefined;
    const answers = {
      ...(compared === undefined ? {} : { persistence: { takenAt: second!.takenAt, assets: compared } }),
    };
    const listBeside = () => [
      ...(isWhole
        ? []
        : [say('This is the answer on the second instant; the reserves of the first are valid.')]),
      ...(compared === undefined ? [] : describeSecond(first.takenAt!, second!.takenAt!, compared)),
    ];
    output.write(
      flags.json
        ? encodeOutput({ ...report, ...answers })
        : speak(flags.language, () =>
            [renderReservesReport(report), ...listBeside().map((line) => `${line}\n`)].join(''),
          ),
    );
    output.end(exitCodeOfReserves(report));
  });
}

/** A node of a chain that is not there would read as one that was asked. @throws SolventError `node-not-needed`. */
function assertNodesNeeded({ blocks }: ReservesReport, named: readonly string[]): void {
  const other = named.find((chain) => !blocks.some((block) => block.chain === chain));
  if (other === undefined) return;
  throw refuseUse('node-not-needed', {
    expected: `--node with a chain of these reserves, ${blocks.map(({ chain }) => chain).join(' or ')}`,
    found: other,
  });
}

/** 0 covered; 1 refused; 3 pins or trust are missing; 4 valid, but short or not shown. */
export function exitCodeOfReserves({ valid, code, outcome }: ReservesReport): number {
  if (valid) return outcome === 'covered' ? EXIT_CODES.done : EXIT_CODES.notCovered;
  return isReservesUnverifiable(code) ? EXIT_CODES.unverifiable : EXIT_CODES.refused;
}

/**
 * The report on the second instant, where the first is valid and there is one.
 * @throws SolventError `second-instant-missing` where the directory is valid and of the first instant too.
 */
async function checkSecond(flags: ReservesFlags, first: ReservesReport): Promise<ReservesReport | undefined> {
  if (flags.persistence === undefined || !first.valid) return undefined;
  const pins = flags.persistencePins ?? flags.pins;
  const second = await checkDirectory(flags.persistence, {
    ...flags,
    ...(pins === undefined ? {} : { pins }),
    reservesHash: undefined,
  });
  if (second.valid && second.purpose !== 'persistence') {
    throw refuseUse('second-instant-missing', {
      expected: '--persistence with reserves of a second instant',
      found: 'those of the snapshot’s',
    });
  }
  return second;
}

function describeSecond(first: string, takenAt: string, assets: readonly HeldTwice[]): string[] {
  const amount = (units: string, decimals: number) =>
    formatDecimal({ coefficient: BigInt(units), fractionDigits: decimals });
  return [
    say('Second instant {takenAt}, which nobody knew before; never part of what covers:', { takenAt }),
    ...assets.map(
      ({ asset, decimals, ...held }) =>
        `  ${say('{asset}  first {first}  second {second}  difference {difference}', {
          ...{ asset, first: amount(held.first, decimals), second: amount(held.second, decimals) },
          difference: amount(held.difference, decimals),
        })}`,
    ),
    `${say('Not shown')}: ${phraseDrawn(first)}`,
  ];
}

async function checkDirectory(directory: string, flags: ReservesFlags): Promise<ReservesReport> {
  const pins = flags.pins === undefined ? undefined : await loadPublished(flags.pins, parsePins);
  const { level, reservesHash, askNode } = flags;
  return checkReservesOf(directory, await checkBundleOf(flags), { pins, level, reservesHash, askNode });
}

/** Verifies a directory of reserves beside a bundle whose verification has ended. @throws SolventError `file-unreadable`. */
export async function checkReservesOf(
  directory: string,
  bundle: BundleVerdict,
  options: Pick<VerifyReservesOptions, 'pins' | 'level' | 'reservesHash' | 'askNode'>,
): Promise<ReservesReport> {
  const { verifyReserves, createSignerRecovery, createEcdsaVerifier } = await loadChecking();
  return verifyReserves(await openReserves(directory), {
    ...options,
    bundle,
    recover: createSignerRecovery(),
    verify: await createEcdsaVerifier(),
  });
}

/** Loads what checks reserves only where there are some: it takes a third of the start of a command that has none. */
async function loadChecking() {
  return {
    ...(await import('../node/signer-recovery.js')),
    ...(await import('../reserves/persistence.js')),
    ...(await import('../reserves/verify.js')),
  };
}

async function checkBundleOf(flags: ReservesFlags): Promise<BundleVerdict> {
  const trust = flags.trust === undefined ? undefined : await loadPublished(flags.trust, parseTrust);
  const report = await verifyBundle(await openBundle(flags.bundle), trust, {
    pairing: await createPairingPool(),
    allowDevelopmentKeys: flags.allowDevelopmentKeys,
    manifestHash: flags.manifestHash,
    trustHash: flags.trustHash,
  });
  return toBundleVerdict(report, trust);
}
