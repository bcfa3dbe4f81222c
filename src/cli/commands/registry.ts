import { join } from 'node:path';

import { InvalidArgumentError, type Command } from 'commander';

import {
  encodeRegistryEvidence,
  formatManifestHash,
  parseManifest,
  parseRotation,
  PUBLISHED_FILES,
  type Manifest,
} from '../../protocol/index.js';
import {
  formatReservesHash,
  MAX_RESERVES_BYTES,
  parseReserves,
  RESERVES_FILE,
} from '../../protocol/reserves/index.js';
import {
  deployRegistry,
  openKeyWriter,
  openSigner,
  proveRegistered,
  publishManifest,
  publishReservesHash,
  publishRotation,
  REGISTRY_CODE_HASH,
  refuseRegistry,
  type Registry,
  type Writer,
  type Written,
} from '../../registry/index.js';
import { openRpcNode } from '../../reserves/index.js';
import { readNamedFile, writeFileAtomically } from '../../system/index.js';
import { addExample, type Output } from '../../verifier/command/index.js';
import { parseDuration } from '../arguments.js';
import { requireNewFile } from '../new-file.js';
import { addOutputOptions, writeResult, type OutputFlags } from '../output.js';

/** The variable that a vault may put the writer's key into. */
const KEY_VARIABLE = 'SOLVENT_REGISTRY_KEY';
const MS_PER_SECOND = 1000;
const ADDRESS = /^0x[0-9a-f]{40}$/;

type ChainRpc = Pick<Registry, 'chain' | 'node'>;
type WriterFlags = { readonly signer?: string; readonly from?: string };

/** `solvent registry …`: one manifest for each instant, where its platform cannot take it back. */
export function addRegistryCommands(program: Command, output: Output): void {
  const command = program
    .command('registry')
    .description('show that everyone is shown the same: a contract that holds one manifest for each instant');
  addDeployCommand(command, output);
  addPublishCommand(command, output);
  addProveCommand(command, output);
}

type DeployFlags = OutputFlags & WriterFlags & { readonly rpc: ChainRpc; readonly leastDistance: number };

function addDeployCommand(program: Command, output: Output): void {
  const command = addWriterOptions(
    program
      .command('deploy')
      .description('make the platform’s registry, once; whoever signs is its writer for ever')
      .requiredOption('--rpc <chain=url>', 'a node: eip155:1=http://127.0.0.1:8545', parseRpc)
      .requiredOption(
        '--least-distance <duration>',
        'the least time between two snapshots, at least what manifests state',
        parseDuration,
      ),
  );
  addOutputOptions(command);
  addExample(command, 'registry deploy --rpc eip155:1=http://127.0.0.1:8545 --least-distance 1d');
  command.action(async ({ rpc, leastDistance, ...flags }: DeployFlags) => {
    const writer = openWriter(flags);
    const { contract, codeHash, sent } = await deployRegistry(rpc, writer, leastDistance / MS_PER_SECOND);
    const pin = { chain: rpc.chain, contract, codeHash, writer: writer.address };
    writeResult(
      flags,
      {
        object: { ...pin, transaction: sent.hash, gasUsed: sent.gasUsed },
        text: [
          `Made a registry of ${rpc.chain}, with ${sent.gasUsed} gas.\n\n`,
          `  contract   ${contract}\n  code hash  ${codeHash}\n  writer     ${writer.address}\n\n`,
          'Announce these three where your readers find your trust file: they pin them.\n',
        ].join(''),
        line: contract,
      },
      output,
    );
  });
}

type PublishFlags = OutputFlags &
  WriterFlags & {
    readonly rpc: ChainRpc;
    readonly contract: string;
    readonly reserves?: string;
    readonly rotation?: string;
  };

function addPublishCommand(program: Command, output: Output): void {
  const command = addWriterOptions(
    addRegistryOptions(
      program
        .command('publish')
        .description(
          'write a manifest hash into the registry, and then reserves and a change of the signing key',
        )
        .argument('<bundle>', 'the bundle whose manifest is written')
        .option('--reserves <directory>', 'the reserves against it: their hash is written too')
        .option('--rotation <file>', 'a rotation after it: its new key is written too'),
    ),
  );
  addOutputOptions(command);
  addExample(
    command,
    'registry publish run/bundle --reserves reserves --rpc eip155:1=http://127.0.0.1:8545 --contract 0x…',
  );
  command.action(async (bundle: string, flags: PublishFlags) => {
    const { manifest, manifestHash } = await loadManifest(bundle);
    const { takenAt } = manifest;
    // Everything is read before anything is written: what is written stays.
    const reservesHash =
      flags.reserves === undefined ? null : await hashReserves(flags.reserves, manifestHash);
    const rotation =
      flags.rotation === undefined
        ? null
        : parseRotation(await readNamedFile(flags.rotation, PUBLISHED_FILES.rotation.maxBytes));
    const writer = openWriter(flags);
    const registry = { ...flags.rpc, contract: flags.contract };
    const written: Written[] = [await publishManifest(registry, writer, { takenAt, manifestHash })];
    if (reservesHash !== null) {
      written.push(await publishReservesHash(registry, writer, { takenAt, reservesHash }));
    }
    if (rotation !== null) written.push(await publishRotation(registry, writer, rotation));
    writeResult(
      flags,
      {
        object: { takenAt, manifestHash, reservesHash, written },
        text: `${written.map(describeWritten).join('')}\nNext, once the block is final: solvent registry prove ${bundle} --out registry.json\n`,
        line: manifestHash,
      },
      output,
    );
  });
}

type ProveFlags = OutputFlags & {
  readonly rpc: ChainRpc;
  readonly contract: string;
  readonly block: number | 'latest' | 'finalized';
  readonly out: string;
};

function addProveCommand(program: Command, output: Output): void {
  const command = addRegistryOptions(
    program
      .command('prove')
      .description('write the evidence that readers check without a network')
      .argument('<bundle>', 'the bundle whose manifest the registry holds')
      .option('--block <number>', 'a block’s number, latest or finalized', parseBlock, 'finalized')
      .requiredOption('--out <file>', 'the evidence: registry.json'),
  );
  addOutputOptions(command);
  addExample(
    command,
    'registry prove run/bundle --rpc eip155:1=http://127.0.0.1:8545 --contract 0x… --out registry.json',
  );
  command.action(async (bundle: string, { rpc, contract, block, out, ...flags }: ProveFlags) => {
    const { manifest } = await loadManifest(bundle);
    const { evidence, number, hash } = await proveRegistered({ ...rpc, contract }, manifest, block);
    const bytes = encodeRegistryEvidence(evidence);
    await requireNewFile(out, bytes);
    await writeFileAtomically(out, bytes);
    const pin = { chain: rpc.chain, contract, codeHash: REGISTRY_CODE_HASH, block: hash };
    writeResult(
      flags,
      {
        object: { path: out, number, ...pin },
        text: `Wrote ${out}, of block ${number} of ${rpc.chain}:\n\n  ${hash}\n\nReaders pin that hash once they know it from a node of their own, and give solvent-verify --registry ${out} --pins PINS.\n`,
        line: hash,
      },
      output,
    );
  });
}

function addRegistryOptions(command: Command): Command {
  return command
    .requiredOption('--rpc <chain=url>', 'a node of the registry’s chain', parseRpc)
    .requiredOption(
      '--contract <address>',
      'the registry, as solvent registry deploy printed it',
      parseAddress,
    );
}

function addWriterOptions(command: Command): Command {
  return command
    .option(
      '--signer <url>',
      `signs in place of the key in the variable ${KEY_VARIABLE}: eth_signTransaction`,
    )
    .option('--from <address>', 'the address that the signer signs for', parseAddress);
}

/** Who signs: the one that the flags name, or the key in the environment. */
function openWriter({ signer, from }: WriterFlags): Writer {
  if (signer === undefined && from === undefined) return openKeyWriter(process.env[KEY_VARIABLE]);
  if (signer !== undefined && from !== undefined) return openSigner(openRpcNode(signer), from);
  throw refuseRegistry('writer-key-missing', {
    expected: '--signer with --from',
    found: 'one of them alone',
  });
}

async function loadManifest(
  bundle: string,
): Promise<{ readonly manifest: Manifest; readonly manifestHash: string }> {
  const { fileName, maxBytes } = PUBLISHED_FILES.manifest;
  const manifest = parseManifest(await readNamedFile(join(bundle, fileName), maxBytes));
  return { manifest, manifestHash: formatManifestHash(manifest) };
}

async function hashReserves(directory: string, manifestHash: string): Promise<string> {
  const reserves = parseReserves(await readNamedFile(join(directory, RESERVES_FILE), MAX_RESERVES_BYTES));
  if (reserves.manifestHash === manifestHash) return formatReservesHash(reserves);
  throw refuseRegistry('reserves-of-another-manifest', {
    expected: `reserves against the manifest ${manifestHash}`,
    found: `those against ${reserves.manifestHash}`,
  });
}

function describeWritten({ line, sent }: Written): string {
  const what =
    line === 'rotation' ? 'The new key' : line === 'manifest' ? 'The manifest hash' : 'The reserves hash';
  return sent === null
    ? `${what} was there already.\n`
    : `${what} is written, with ${sent.gasUsed} gas (${sent.hash}).\n`;
}

function parseRpc(text: string): ChainRpc {
  const match = /^(eip155:[1-9][0-9]{0,19})=(https?:\/\/.+)$/.exec(text);
  if (match !== null) return { chain: match[1]!, node: openRpcNode(match[2]!) };
  throw new InvalidArgumentError('Expected a chain and its node, like eip155:1=http://127.0.0.1:8545.');
}

function parseAddress(text: string): string {
  const address = text.toLowerCase();
  if (ADDRESS.test(address)) return address;
  throw new InvalidArgumentError('Expected 0x and 40 hexadecimal digits.');
}

function parseBlock(text: string): number | 'latest' | 'finalized' {
  if (text === 'latest' || text === 'finalized') return text;
  if (/^(?:0|[1-9][0-9]{0,14})$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a number, latest or finalized.');
}
