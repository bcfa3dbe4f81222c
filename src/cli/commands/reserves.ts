import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Option, type Command } from 'commander';

import { formatCount } from '../../presentation/index.js';
import { BUNDLE_FILES, bytesToHex, parseManifest, within } from '../../protocol/index.js';
import {
  encodePins,
  formatReservesHash,
  hashPins,
  isBitcoinChain,
  MAX_PINS_BYTES,
  parsePins,
  parseReserves,
  RESERVES_FILE,
  type Pins,
  type Reserves,
} from '../../protocol/reserves/index.js';
import {
  captureWallets,
  composeAuditRequest,
  composeCarrier,
  compareReserves,
  composeReserves,
  composeWork,
  encodeAuditRequest,
  encodeRequests,
  findBitcoinBlockAt,
  findBlockAt,
  importFile,
  listPsbtRequests,
  listRequests,
  loadWork,
  openRpcNode,
  parseWallets,
  instantOf,
  parseBeaconRound,
  pinAccounts,
  pinBitcoin,
  pinBlocks,
  type AccountBlock,
  refuseMaking,
  REVIEWED_PINS,
  saveImported,
  saveWork,
  stateLiabilities,
  writeReserves,
  type BitcoinCapture,
  type ChainCapture,
} from '../../reserves/index.js';
import { loadSnapshot } from '../../snapshot/index.js';
import { readNamedFile, writeDirectoryAtomically, writeFileAtomically } from '../../system/index.js';
import { addExample, addReservesCommand, type Output } from '../../verifier/command/index.js';
import { parseHash, addIdentityOptions, loadFlaggedIdentity, type IdentityFlags } from '../arguments.js';

import { requireNewFile } from '../new-file.js';
import { addAuditCommand } from './reserves-audit.js';
import { addOutputOptions, writeResult, type OutputFlags } from '../output.js';
import {
  addSpendsCommand,
  collectAccountBlock,
  collectRpc,
  openNamedNodes,
  type ChainRpc,
} from './reserves-bitcoin.js';

const MAX_IMPORT_BYTES = 256 * 1024 * 1024;
const MAX_BEACON_BYTES = 64 * 1024;
const MAX_MANIFEST_BYTES = 4 * 1024 * 1024 + 1;

/** `solvent reserves …`: what stands against what is owed, from the instant to its publication. */
export function addReservesCommands(program: Command, output: Output): void {
  const command = program
    .command('reserves')
    .description('show what is held against what is owed: capture, signatures, publication, check');
  addChallengeCommand(command, output);
  addSignRequestCommand(command, output);
  addImportCommand(command, output);
  addPublishReservesCommand(command, output);
  addSpendsCommand(command, output);
  addAuditCommand(command, output);
  addReservesCommand(command, output, openNamedNodes);
  addCompareCommand(command, output);
  addPinsCommand(command, output);
}

type ChallengeFlags = OutputFlags &
  IdentityFlags & {
    readonly accounts: string;
    readonly pins?: string;
    readonly rpc: readonly ChainRpc[];
    readonly purpose: Reserves['purpose'];
    readonly beacon?: string;
    readonly out: string;
  };

function addChallengeCommand(program: Command, output: Output): void {
  const command = addIdentityOptions(
    program
      .command('challenge')
      .description(
        'fix the blocks of the instant, capture the state of wallets with its proofs, and make what keys sign',
      )
      .argument('<snapshot>', 'the snapshot of what is owed, which says the platform and the instant')
      .requiredOption(
        '--accounts <csv>',
        'the wallets: columns chain, address, and control, custodian, encumbrance, note; of account chains amount, contract, balance',
      )
      .option('--rpc <chain=url...>', 'a node of each chain: eip155:1=http://127.0.0.1:8545', collectRpc, [])
      .option(
        '--pins <file>',
        'tokens, wallet contracts and custodians that count (default: the reviewed list)',
      )
      .addOption(
        new Option(
          '--purpose <purpose>',
          'the snapshot’s own instant, or the same wallets at a second one that a public beacon drew after it',
        )
          .choices(['snapshot', 'persistence'])
          .default('snapshot'),
      )
      .option('--beacon <file>', 'the round that draws the second instant, as drand publishes it in JSON')
      .requiredOption('--out <directory>', 'the work, which the next commands go on with'),
    'the platform’s private key',
  );
  addOutputOptions(command, { isLong: true });
  addExample(
    command,
    'reserves challenge snapshot --identity exchange.pem --accounts wallets.csv --pins reviewed.json --rpc eip155:1=http://127.0.0.1:8545 --out reserves.work',
  ).action(async (directory: string, flags: ChallengeFlags) => {
    const { platform, takenAt, hash: snapshotHash } = await loadSnapshot(directory);
    const { publicKey: signingKey } = await loadFlaggedIdentity(flags);
    const pins = await loadPinsOrReviewed(flags.pins);
    const list = parseWallets(await readNamedFile(flags.accounts, MAX_IMPORT_BYTES));
    const openNode = (chain: string) => openRpcNode(requireRpc(flags.rpc, chain));
    const beacon = await loadBeacon(takenAt, flags);
    const head = { platform, takenAt, snapshotHash, signingKey, ...(beacon === undefined ? {} : { beacon }) };
    const instant = instantOf(head);
    const { captures, ...others } = await captureWallets(list, { takenAt: instant, pins, openNode });
    const { encumbrances } = list;
    const work = composeWork(head, captures, { pins, encumbrances, ...others });
    await saveWork(flags.out, work);
    const { challenge, blocks, entries } = work;
    const leftOut = captures.flatMap((capture) => capture.leftOut);
    const delegated = captures.flatMap(({ delegations }) => [...delegations.keys()]);
    const demoted = captures.flatMap((capture) => capture.demoted);
    const requests = listRequests(work).length;
    writeResult(
      flags,
      {
        object: {
          ...{ path: flags.out, purpose: flags.purpose, takenAt: instant },
          ...{ challenge, blocks, entries: entries.length, requests },
          ...{ leftOut, demoted, delegated },
        },
        text: [
          `Wrote ${flags.out}: ${formatCount(entries.length, 'amount')} in ${formatCount(blocks.length, 'chain')}; what a node proved is verified against its block.\n`,
          ...blocks.map(({ chain, number, hash }) => `  ${chain}  block ${number}  ${hash}\n`),
          ...leftOut.map((line) => `Left out: ${line}\n`),
          ...(beacon === undefined
            ? []
            : [
                `Second instant ${instant}, drawn by round ${beacon.round} of the beacon: readers pin its blocks.\n`,
              ]),
          ...demoted.map((line) => `Stated alone: ${line}\n`),
          ...delegated.map(
            (address) =>
              `Marked: ${address} runs a reviewed contract, which may move what it holds (EIP-7702)\n`,
          ),
          `\nNext: solvent reserves sign-request ${flags.out} --out requests\n`,
        ].join(''),
        line: flags.out,
      },
      output,
    );
  });
}

function addSignRequestCommand(program: Command, output: Output): void {
  const command = program
    .command('sign-request')
    .description(
      'write what each key is asked to sign: a CSV for all, a text for each, and a PSBT of BIP-322 for each address of Bitcoin',
    )
    .argument('<work>', 'the work of solvent reserves challenge')
    .requiredOption('--out <directory>', 'a new directory');
  addOutputOptions(command);
  addExample(command, 'reserves sign-request reserves.work --out requests').action(
    async (path: string, { out, ...flags }: OutputFlags & { readonly out: string }) => {
      const work = await loadWork(path);
      const requests = listRequests(work);
      await writeDirectoryAtomically(out, async (directory) => {
        await writeFile(join(directory, 'requests.csv'), encodeRequests(requests));
        for (const { chain, address, message } of requests) {
          await writeFile(join(directory, `${chain.replace(':', '-')}-${address}.txt`), message);
        }
        for (const { chain, address, psbt } of listPsbtRequests(work)) {
          await writeFile(join(directory, `${chain.replace(':', '-')}-${address}.psbt`), psbt);
        }
        if (work.pins.auditors !== undefined)
          await writeFile(join(directory, 'audit.json'), encodeAuditRequest(composeAuditRequest(work)));
        if (work.bitcoin !== undefined) {
          const carrier = bytesToHex(composeCarrier(work.challenge));
          await writeFile(join(directory, 'op-return.txt'), `${carrier}\n`);
        }
      });
      writeResult(
        flags,
        {
          object: { path: out, requests: requests.length },
          text: `Wrote ${formatCount(requests.length, 'request')} into ${out}. Sign each text as it is (personal_sign, EIP-191), then: solvent reserves import ${path} SIGNATURES.csv\n`,
          line: out,
        },
        output,
      );
    },
  );
}

function addImportCommand(program: Command, output: Output): void {
  const command = program
    .command('import')
    .description(
      'take signatures from CSV, PSBTs and raw transactions, and what custodians and auditors signed from JSON; each is checked on its way in',
    )
    .argument('<work>', 'the work of solvent reserves challenge')
    .argument(
      '<files...>',
      'CSV with the columns address and signature; a finalized PSBT or a raw transaction of BIP-322 or BIP-127; a custodian’s confirmation or an auditor’s audit as JSON',
    );
  addOutputOptions(command);
  addExample(command, 'reserves import reserves.work signatures.csv cold.psbt vault.json').action(
    async (path: string, files: readonly string[], flags: OutputFlags) => {
      let work = await loadWork(path);
      let taken = 0;
      for (const file of files) {
        const bytes = await readNamedFile(file, MAX_IMPORT_BYTES);
        const imported = within(file, () => importFile(work, bytes));
        taken += imported.signatureCount;
        work = { ...work, ...imported };
      }
      // Only once all files are right: bad input leaves the work as it was.
      await saveImported(path, work);
      writeResult(
        flags,
        {
          object: { path, signatures: taken, evidence: work.evidence.length },
          text: `Took ${formatCount(taken, 'signature')}; the work has evidence of ${formatCount(work.evidence.length, 'wallet or custodian', 'wallets and custodians')}.\n`,
          line: path,
        },
        output,
      );
    },
  );
}

type PublishFlags = OutputFlags &
  IdentityFlags & {
    readonly bundle: string;
    readonly previousReservesHash?: string;
    readonly unsignedAsStated?: true;
    readonly out: string;
  };

function addPublishReservesCommand(program: Command, output: Output): void {
  const command = addIdentityOptions(
    program
      .command('publish')
      .description('write and sign the reserves, once they pass the checks of their verifier')
      .argument('<work>', 'the work, with its signatures imported')
      .requiredOption('--bundle <directory>', 'the bundle that shows what is owed')
      .option('--previous-reserves-hash <hex>', 'the hash of the reserves published before', parseHash)
      .option('--unsigned-as-stated', 'publish wallets that nobody signed for as stated')
      .requiredOption('--out <directory>', 'a new directory, published beside the bundle'),
    'the platform’s private key',
  );
  addOutputOptions(command);
  addExample(
    command,
    'reserves publish reserves.work --bundle run/bundle --identity exchange.pem --out reserves',
  ).action(async (path: string, flags: PublishFlags) => {
    const work = await loadWork(path);
    const signer = await loadFlaggedIdentity(flags);
    const bytes = await readNamedFile(join(flags.bundle, BUNDLE_FILES.manifest), MAX_MANIFEST_BYTES);
    const liabilities = stateLiabilities(parseManifest(bytes), signer.publicKey);
    const files = await composeReserves(work, {
      liabilities,
      signer,
      previousReservesHash: flags.previousReservesHash ?? null,
      unsignedAsStated: flags.unsignedAsStated === true,
    });
    await writeReserves(flags.out, files);
    const reservesHash = formatReservesHash(parseReserves(files.get(RESERVES_FILE)!));
    writeResult(
      flags,
      {
        object: { path: flags.out, reservesHash },
        text: `Wrote ${flags.out}.\n\nAnnounce the reserves hash where you could not change it later:\n\n  ${reservesHash}\n`,
        line: reservesHash,
      },
      output,
    );
  });
}

function addCompareCommand(program: Command, output: Output): void {
  const command = program
    .command('compare')
    .description(
      'list the wallets that two directories of reserves both claim; ends with 1 where there are any',
    )
    .argument('<first>', 'a directory of reserves')
    .argument('<second>', 'another platform’s, or another snapshot’s');
  addOutputOptions(command);
  addExample(command, 'reserves compare reserves other/reserves').action(
    async (first: string, second: string, flags: OutputFlags) => {
      const shared = await compareReserves(first, second);
      writeResult(
        flags,
        {
          object: { shared },
          text:
            shared.length === 0
              ? 'No wallet is in both.\n'
              : `${formatCount(shared.length, 'wallet')} in both:\n${shared.map(({ chain, address }) => `  ${chain}:${address}\n`).join('')}`,
          line: String(shared.length),
        },
        output,
      );
      if (shared.length > 0) output.end(1);
    },
  );
}

type PinsFlags = OutputFlags & {
  readonly from?: string;
  readonly takenAt: string;
  readonly rpc: readonly ChainRpc[];
  readonly block: readonly AccountBlock[];
  readonly out: string;
};

function addPinsCommand(program: Command, output: Output): void {
  const command = program
    .command('pins')
    .description(
      'write a pins file: the block of an instant and the next, from a node that you trust, beside reviewed contracts',
    )
    .option('--from <file>', 'tokens, wallet contracts and custodians (default: the reviewed list)')
    .requiredOption('--taken-at <instant>', 'the instant of the reserves, like 2026-01-31T00:00:00Z')
    .option('--rpc <chain=url...>', 'a node of your own, of each chain', collectRpc, [])
    .option(
      '--block <chain=number:hash...>',
      'the last block at or before the instant of a chain of which no state is read, like xrpl:0',
      collectAccountBlock,
      [],
    )
    .requiredOption('--out <file>', 'the pins file');
  addOutputOptions(command);
  addExample(
    command,
    'reserves pins --taken-at 2026-01-31T00:00:00Z --rpc eip155:1=http://127.0.0.1:8545 --out pins.json',
  ).action(async ({ from, takenAt, rpc, block: named, out, ...flags }: PinsFlags) => {
    const base = await loadPinsOrReviewed(from);
    const found: Pick<ChainCapture, 'chain' | 'block'>[] = [];
    const bitcoin: Pick<BitcoinCapture, 'chain' | 'block'>[] = [];
    for (const { chain, url } of rpc) {
      const node = openRpcNode(url);
      if (isBitcoinChain(chain)) bitcoin.push({ chain, block: await findBitcoinBlockAt(node, takenAt) });
      else found.push({ chain, block: await findBlockAt(node, takenAt) });
    }
    const pins = pinAccounts(pinBitcoin(pinBlocks(base, found), bitcoin), named);
    const bytes = encodePins(pins);
    // What it writes it must read: a chain that is not among the reviewed ones has no coin.
    parsePins(bytes);
    const known = [...pins.chains, ...(pins.bitcoin ?? []), ...(pins.accountChains ?? [])];
    const lost = [...found, ...bitcoin, ...named].find(
      ({ chain }) => !known.some((pin) => pin.chain === chain),
    );
    if (lost !== undefined) {
      throw refuseMaking('chain-not-reviewed', {
        expected: `${lost.chain} among the chains of the list`,
        found: 'none',
      });
    }
    await requireNewFile(out, bytes);
    await writeFileAtomically(out, bytes);
    writeResult(
      flags,
      {
        object: {
          path: out,
          pinsHash: hashPins(pins),
          blocks: known.filter(({ block }) => block !== null),
        },
        text: [
          `Wrote ${out}, pins hash ${hashPins(pins)}.\n`,
          ...[...found, ...bitcoin, ...named].map(
            ({ chain, block }) => `  ${chain}  block ${block.number}  ${block.hash}\n`,
          ),
          ...bitcoin.map(({ chain, block: { tip } }) => `  ${chain}  tip ${tip.number}  ${tip.hash}\n`),
          'Compare these hashes with a second place that does not ask the first.\n',
        ].join(''),
        line: hashPins(pins),
      },
      output,
    );
  });
}

/** The round of the beacon for a second instant; undefined for the snapshot's own. */
async function loadBeacon(takenAt: string, { purpose, beacon }: ChallengeFlags) {
  if (purpose === 'snapshot') return undefined;
  return parseBeaconRound(
    takenAt,
    beacon === undefined ? undefined : await readNamedFile(beacon, MAX_BEACON_BYTES),
  );
}

async function loadPinsOrReviewed(path: string | undefined): Promise<Pins> {
  return path === undefined ? REVIEWED_PINS : parsePins(await readNamedFile(path, MAX_PINS_BYTES));
}

function requireRpc(nodes: readonly ChainRpc[], chain: string): string {
  const found = nodes.find((node) => node.chain === chain);
  if (found !== undefined) return found.url;
  throw refuseMaking('rpc-missing', {
    expected: `--rpc ${chain}=URL for the wallets of ${chain}`,
    found: 'none',
  });
}
