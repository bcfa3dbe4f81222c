import { lstat } from 'node:fs/promises';

import { Command, CommanderError, Option } from 'commander';

import {
  BUNDLE_FILES,
  EXIT_CODES,
  exitCodeOf,
  parseTrust,
  SolventError,
  type Trust,
} from '../../protocol/index.js';
import { say, speak, type Language } from '../../presentation/index.js';
import { renderCertificate } from '../html/certificate.js';
import { parsePins } from '../../protocol/reserves/index.js';
import { renderHtml } from '../html/page.js';
import { renderReservesBeside, renderReservesHtml } from '../html/reserves.js';
import { openBundle, openManifest, readFileBounded, writeFileWhole } from '../node/files.js';
import { verifyInclusionDirectory } from '../node/inclusion-directory.js';
import { createPairingPool } from '../node/pairing-pool.js';
import { findCeremonyEvidence, loadPublished } from '../node/reserves-files.js';
import type { Report } from '../report.js';
import type { BundleSource } from '../source.js';
import { verifyBundle, verifyInclusion, type PublicationOptions, type VerifyOptions } from '../verify.js';
import { languageOption, loadSigners, parseHash, parseWorkers } from './flags.js';
import { addHistoryCommand } from './history.js';
import { addExample, encodeOutput, type Output } from './output.js';
import { renderDirectoryReport } from './render-directory.js';
import { renderReport } from './render.js';
import { toBundleVerdict } from '../reserves/liabilities.js';
import type { ReservesReport } from '../reserves/report.js';
import { renderReservesReport } from './render-reserves.js';
import { addReservesCommand, checkReservesOf, exitCodeOfReserves } from './reserves.js';
import { addTrustCommand } from './trust.js';
import { formatVersion } from './version.js';
import { refuseUse, type VerifierCode } from '../errors.js';

/** Where a command reads and writes. */
export type Terminal = {
  readonly write: (text: string) => void;
  readonly writeError: (text: string) => void;
  /** The first line of the standard input, without its line feed. */
  readonly readLine: () => Promise<string>;
};

type SharedFlags = {
  readonly trust?: string;
  readonly trustHash?: string;
  readonly allowDevelopmentKeys?: true;
  readonly manifestHash?: string;
  readonly previousManifestHash?: string;
  readonly registry?: string;
  readonly log?: string;
  readonly pins?: string;
  readonly requirePublished?: true;
  readonly ceremony?: string;
  readonly signers?: string;
  readonly requireCeremony?: true;
  readonly workers?: number;
  readonly json?: true;
  readonly html?: string;
  readonly language: Language;
};
type BundleFlags = SharedFlags & { readonly reserves?: string; readonly reservesHash?: string };
type InclusionFlags = SharedFlags & {
  readonly user?: string;
  readonly bundle?: string;
  readonly manifest?: string;
  readonly ownRows?: true;
  readonly certificate?: string;
  readonly all?: string;
};

/**
 * Runs `solvent-verify` and returns its exit code: 0 valid; 1 invalid, malformed or refused; 2 wrong usage or a file
 * that cannot be opened; 3 unverifiable; 4 valid reserves that do not cover what is owed.
 */
export async function runCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode: number = EXIT_CODES.done;
  const output: Output = {
    write: terminal.write,
    end: (code) => {
      exitCode = code;
    },
  };
  const program = new Command('solvent-verify')
    .description('Verifies a published proof of liabilities, one account in it, or the reserves against it.')
    .configureOutput({ writeOut: terminal.write, writeErr: terminal.writeError })
    .version(formatVersion('solvent-verify'), '-V, --version', 'show version, commit and check page')
    .showHelpAfterError('(run with --help for what it takes)')
    .exitOverride();
  addBundleCommand(program, output);
  addInclusionCommand(program, output, terminal);
  addReservesCommand(program, output);
  addHistoryCommand(program, output);
  addTrustCommand(program, output);
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    return printError(error, { terminal, json: args.includes('--json') });
  }
}

function show(
  report: object,
  { json }: SharedFlags,
  { output, text }: { output: Output; text: string },
): void {
  output.write(json ? encodeOutput(report) : text);
}

async function print(
  report: Report,
  flags: SharedFlags,
  {
    output,
    certify,
    reserves,
  }: {
    readonly output: Output;
    readonly certify?: () => Promise<void>;
    readonly reserves?: ReservesReport | undefined;
  },
): Promise<void> {
  // Refused until all of it is written: nothing is called valid where a part of what was asked for failed.
  output.end(EXIT_CODES.refused);
  await certify?.();
  // Both are shown where both are valid, so that nothing reads as valid beside a failure.
  if (reserves !== undefined && report.valid) return printWithReserves(report, { flags, output, reserves });
  if (flags.html !== undefined) {
    await writeFileWhole(
      flags.html,
      speak(flags.language, () => renderHtml(report)),
    );
  }
  show(report, flags, { output, text: speak(flags.language, () => renderReport(report)) });
  output.end(exitCodeOfReport(report));
}

/** Of a bundle that is valid and the reserves beside it; of these alone where they are refused. */
async function printWithReserves(
  report: Report,
  {
    flags,
    output,
    reserves,
  }: { readonly flags: SharedFlags; readonly output: Output; readonly reserves: ReservesReport },
): Promise<void> {
  const page = speak(flags.language, () =>
    reserves.valid ? renderHtml(report, renderReservesBeside(reserves)) : renderReservesHtml(reserves),
  );
  if (flags.html !== undefined) await writeFileWhole(flags.html, page);
  const text = speak(flags.language, () =>
    reserves.valid
      ? `${renderReport(report)}\n${renderReservesReport(reserves)}`
      : `${renderReservesReport(reserves)}${say('This is the answer on the reserves; the bundle is valid.')}\n`,
  );
  show(reserves.valid ? { ...report, reserves } : reserves, flags, { output, text });
  output.end(exitCodeOfReserves(reserves));
}

async function verifyAll(directory: string, flags: InclusionFlags, output: Output): Promise<void> {
  output.end(EXIT_CODES.refused);
  const report = await verifyDirectory(directory, flags);
  show(report, flags, { output, text: renderDirectoryReport(report) });
  output.end(report.valid ? EXIT_CODES.done : exitCodeOfReport({ ...report.bundle, valid: false }));
}

function addBundleCommand(program: Command, output: Output): void {
  const command = program
    .command('bundle')
    .description('checks everything that was published: all proofs, the totals and the cover of all debts')
    .argument('<directory>', `the bundle: ${Object.values(BUNDLE_FILES).join(', ')}`);
  addSharedOptions(command)
    .option('--reserves <directory>', 'the reserves beside it, verified and shown with it, by your --pins')
    .option('--reserves-hash <hex>', 'the reserves hash from a public place, to compare', parseHash);
  addExample(
    command,
    'bundle bundle --trust trust.json --manifest-hash HASH',
    'bundle bundle --trust trust.json --reserves reserves --pins pins.json --html report.html',
  );
  command.action(async (directory: string, flags: BundleFlags) => {
    const trust = await loadTrust(flags.trust);
    const options = await toOptions(flags);
    const report = await verifyBundle(await openBundle(directory), trust, options);
    const reserves =
      flags.reserves === undefined
        ? undefined
        : await checkReservesOf(flags.reserves, toBundleVerdict(report, trust), {
            ...{ pins: options.publication?.pins, reservesHash: flags.reservesHash },
          });
    await print(report, flags, { output, reserves });
  });
}

function addInclusionCommand(program: Command, output: Output, terminal: Terminal): void {
  const command = program
    .command('inclusion')
    .description('checks that one account is in the totals, from its own file; or all files of an operator')
    .argument('[file]', 'the inclusion file that the platform gave its user')
    .option('--user <id>', 'the id by which the user is known; - reads it from the standard input')
    .addOption(new Option('--bundle <directory>', 'the directory of the bundle').conflicts('manifest'))
    .option('--manifest <file>', 'manifest.json, with the other files of the bundle beside it')
    .option('--own-rows', 'leave out the proofs of others: quicker, and never valid')
    .option('--certificate <file>', 'write one page for a third party besides, where the verdict is valid')
    .addOption(
      new Option(
        '--all <directory>',
        'every file of a directory against the bundle, for whoever made them; no id is typed',
      ).conflicts(['user', 'manifest', 'html', 'language', 'ownRows', 'certificate']),
    );
  addSharedOptions(command);
  addExample(
    command,
    'inclusion me.json --user me@example.org --bundle bundle --trust trust.json',
    'inclusion --all inclusions --bundle bundle --trust trust.json',
  );
  command.action(async (file: string | undefined, flags: InclusionFlags) => {
    if (flags.all !== undefined) {
      if (file !== undefined) throw misused('flags-conflict', 'a file or --all DIR', 'both');
      return verifyAll(flags.all, flags, output);
    }
    if (file === undefined) throw misused('file-missing', 'an inclusion file, or --all DIR', 'neither');
    if (flags.user === undefined) {
      throw misused('user-missing', '--user ID, the id by which you know yourself', 'none');
    }
    await assertNoCertificate(flags.certificate);
    const bytes = await readFileBounded(file);
    const trust = await loadTrust(flags.trust);
    const source = await openSource(flags);
    const userId = flags.user === '-' ? await terminal.readLine() : flags.user;
    const options = { ...(await toOptions(flags)), userId, ownRowsOnly: flags.ownRows };
    const report = await verifyInclusion(bytes, source, trust, options);
    const certify = () => writeCertificate(report, { inclusion: bytes, source, flags, terminal });
    await print(report, flags, { output, certify });
  });
}

/** A certificate of before would stand beside a verdict that it is not of. */
async function assertNoCertificate(path: string | undefined): Promise<void> {
  if (path === undefined || !(await isThere(path))) return;
  throw misused('certificate-exists', '--certificate with a file that is not there yet', 'one that is');
}

/** Writes the certificate of a valid report; of any other it writes nothing, and says so. */
async function writeCertificate(
  report: Report,
  {
    inclusion,
    source,
    flags: { certificate, language },
    terminal,
  }: {
    readonly inclusion: Uint8Array;
    readonly source: BundleSource | undefined;
    readonly flags: InclusionFlags;
    readonly terminal: Terminal;
  },
): Promise<void> {
  if (certificate === undefined) return;
  const page = source && speak(language, () => renderCertificate(report, { ...source, inclusion }));
  if (page !== undefined) return writeFileWhole(certificate, page);
  terminal.writeError('no certificate was written: the verdict is not valid\n');
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

async function verifyDirectory(directory: string, flags: InclusionFlags) {
  if (flags.bundle === undefined) {
    throw misused('bundle-missing', '--bundle DIR, which all files are checked against', 'none');
  }
  const trust = await loadTrust(flags.trust);
  const source = await openBundle(flags.bundle);
  const options = { ...(await toOptions(flags)), threads: flags.workers };
  return verifyInclusionDirectory(directory, source, { trust, ...options });
}

function misused(code: VerifierCode, expected: string, got: string): SolventError<VerifierCode> {
  return refuseUse(code, { expected, found: got });
}

function addSharedOptions(command: Command): Command {
  return command
    .option('--trust <file>', 'the pinned signing key, circuits and keys; never from the bundle')
    .option('--trust-hash <hex>', 'the hash of the trust file from a public place, to compare', parseHash)
    .option('--manifest-hash <hex>', 'the manifest hash from a public place, to compare', parseHash)
    .option('--previous-manifest-hash <hex>', 'the hash of the manifest published before it', parseHash)
    .option('--registry <file>', 'evidence of what a registry holds of the instant, to compare')
    .option('--log <file>', 'proof that a transparency log holds the manifest, to compare')
    .option('--pins <file>', 'your registry, its block, your logs and witnesses; never the platform’s')
    .option('--require-published', 'end with 3 unless the manifest was compared with a hash, registry or log')
    .option('--allow-development-keys', 'accept keys that can prove anything, for a test')
    .option(
      '--ceremony <file>',
      'the evidence of the ceremony (default: ceremony.json beside the trust file)',
    )
    .option(
      '--signers <file>',
      'keys of contributors that you know, one a line: how many took part is counted',
    )
    .option('--require-ceremony', 'exit with 3 where the ceremony of the keys is stated and not shown')
    .option('--workers <count>', 'threads that verify (default: one a core)', parseWorkers)
    .option('--html <file>', 'write the report as one page besides, to keep or to print')
    .addOption(languageOption())
    .option('--json', 'one JSON object instead of text');
}

async function openSource({ bundle, manifest }: InclusionFlags) {
  if (bundle !== undefined) return openBundle(bundle);
  return manifest === undefined ? undefined : openManifest(manifest);
}

async function loadTrust(path: string | undefined): Promise<Trust | undefined> {
  return path === undefined ? undefined : loadPublished(path, parseTrust);
}

async function toOptions(flags: SharedFlags): Promise<VerifyOptions> {
  return {
    pairing: await createPairingPool({ threads: flags.workers }),
    allowDevelopmentKeys: flags.allowDevelopmentKeys,
    manifestHash: flags.manifestHash,
    previousManifestHash: flags.previousManifestHash,
    ceremony: await findCeremonyEvidence(flags),
    signers: flags.signers === undefined ? undefined : await loadSigners(flags.signers),
    requireCeremony: flags.requireCeremony,
    trustHash: flags.trustHash,
    publication: await loadPublication(flags),
  };
}

/** What the flags name to compare a manifest with. @throws SolventError `file-unreadable`; of class `format` for pins. */
async function loadPublication({
  registry,
  log,
  pins,
  requirePublished,
}: SharedFlags): Promise<PublicationOptions> {
  return {
    registry: registry === undefined ? undefined : await readFileBounded(registry),
    log: log === undefined ? undefined : await readFileBounded(log),
    pins: pins === undefined ? undefined : await loadPublished(pins, parsePins),
    isRequired: requirePublished,
  };
}

function exitCodeOfReport({ outcome, valid }: Report): number {
  if (valid && outcome === 'valid') return EXIT_CODES.done;
  return outcome === 'unverifiable' ? EXIT_CODES.unverifiable : EXIT_CODES.refused;
}

/** Says what went wrong before there was a report; commander has already said so on the terminal. */
function printError(error: unknown, { terminal, json }: { terminal: Terminal; json: boolean }): number {
  const isCommander = error instanceof CommanderError;
  if (isCommander && error.exitCode === 0) return EXIT_CODES.done;
  const exitCode = isCommander ? EXIT_CODES.usage : exitCodeOf(error);
  const [code, message] = isCommander
    ? ['wrong-usage', error.message.replace(/^error: /, '')]
    : error instanceof SolventError
      ? [(error as SolventError).code, error.message]
      : ['verifier-fault', 'the verifier itself failed: report it with the command and these files'];
  if (json)
    terminal.write(
      `${JSON.stringify({ format: 'solvent/error/v1', valid: false, code, message }, null, 2)}\n`,
    );
  else if (!isCommander) terminal.writeError(`error: ${message}\ncode: ${code}\n`);
  return exitCode;
}
