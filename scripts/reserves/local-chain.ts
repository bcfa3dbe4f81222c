import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { AbiCoder, Interface } from 'ethers';

import { openRpcNode, type RpcNode } from '../../src/reserves/index.js';
import { projectRoot } from '../../src/system/index.js';

/** A minute of asking for a receipt. */
const MAX_RECEIPT_TRIES = 6000;
const RECEIPT_PAUSE_MS = 10;

const require = createRequire(import.meta.url);

/** The binary of the local node, where this machine has one: it is an optional package of npm. */
export const ANVIL = findAnvil();

function findAnvil(): string | undefined {
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  try {
    return require.resolve(`@foundry-rs/anvil-${process.platform}-${arch}/bin/anvil`);
  } catch {
    return undefined;
  }
}

/** A local chain that mines when it is told to, with its own keys for those who pay. */
export type LocalChain = {
  readonly url: string;
  readonly node: RpcNode;
  readonly sender: string;
  /** Sends a transaction, mines it, and gives the address of a contract that it made, or its target. */
  readonly send: (transaction: { to?: string; data?: string; value?: bigint }) => Promise<string>;
  /** Deploys a contract with arguments of these types. */
  readonly deploy: (
    bytecode: string,
    types?: readonly string[],
    values?: readonly unknown[],
  ) => Promise<string>;
  /** Calls a function by its signature, `mint(address,uint256)`. */
  readonly invoke: (to: string, signature: string, values: readonly unknown[]) => Promise<string>;
  /** Waits until a transaction is mined, by its hash. */
  readonly confirm: (hash: unknown) => Promise<void>;
  readonly stop: () => void;
};

/** Starts a local chain. @param startedAtSeconds the time of its first block. */
export async function startAnvil(startedAtSeconds = 1_790_000_000): Promise<LocalChain> {
  const child = spawn(
    ANVIL!,
    ['--host', '127.0.0.1', '--port', '0', '--timestamp', String(startedAtSeconds)],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const url = await readAddress(child);
  const node = openRpcNode(url);
  const [sender] = (await node.call('eth_accounts', [])) as string[];
  const send: LocalChain['send'] = async ({ to, data, value = 0n }) => {
    const hash = await node.call('eth_sendTransaction', [
      {
        from: sender,
        ...(to === undefined ? {} : { to }),
        data: data ?? '0x',
        value: `0x${value.toString(16)}`,
        gas: '0xe4e1c0',
      },
    ]);
    const receipt = await awaitReceipt(node, hash);
    if (receipt.status !== '0x1') throw new Error('expected a transaction to succeed, got a revert');
    return (receipt.contractAddress ?? to)!.toLowerCase();
  };
  return {
    url,
    node,
    sender: sender!,
    send,
    deploy: (bytecode, types = [], values = []) =>
      send({
        data:
          bytecode +
          AbiCoder.defaultAbiCoder()
            .encode([...types], [...values])
            .slice(2),
      }),
    invoke: (to, signature, values) => {
      const abi = new Interface([`function ${signature}`]);
      return send({ to, data: abi.encodeFunctionData(signature.split('(')[0]!, [...values]) });
    },
    confirm: async (hash) => {
      await awaitReceipt(node, hash);
    },
    stop: () => child.kill(),
  };
}

type Receipt = { readonly status: string; readonly contractAddress: string | null };

/** The receipt of a transaction, which is there once the node has mined it: on a busy machine later than its answer. */
async function awaitReceipt(node: RpcNode, hash: unknown): Promise<Receipt> {
  for (let tries = 0; tries < MAX_RECEIPT_TRIES; tries++) {
    const receipt = (await node.call('eth_getTransactionReceipt', [hash])) as Receipt | null;
    if (receipt !== null) return receipt;
    await setTimeout(RECEIPT_PAUSE_MS);
  }
  throw new Error('expected a transaction to be mined, got no receipt');
}

function readAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout!.on('data', (piece: Buffer) => {
      text += piece.toString();
      const found = /Listening on (\S+)/.exec(text);
      if (found !== null) resolve(`http://${found[1]!}`);
    });
    child.on('error', reject);
    child.on('exit', () => {
      reject(new Error(`expected anvil to listen, got its end: ${text.slice(-500)}`));
    });
  });
}

type Compiler = { compile: (input: string) => string };
type Compiled = {
  contracts: { 'tokens.sol': Record<string, { evm: { bytecode: { object: string } } }> };
  errors?: { severity: string; formattedMessage: string }[];
};

/** The bytecode of the tokens, by name. */
export function compileTokens(): Readonly<Record<string, string>> {
  const compiler = require('solc') as Compiler;
  const input = {
    language: 'Solidity',
    sources: {
      'tokens.sol': { content: readFileSync(join(projectRoot(), 'scripts/reserves/tokens.sol'), 'utf8') },
    },
    settings: { outputSelection: { '*': { '*': ['evm.bytecode.object'] } } },
  };
  const { contracts, errors = [] } = JSON.parse(compiler.compile(JSON.stringify(input))) as Compiled;
  const failed = errors.find(({ severity }) => severity === 'error');
  if (failed !== undefined) throw new Error(failed.formattedMessage);
  return Object.fromEntries(
    Object.entries(contracts['tokens.sol']).map(([name, { evm }]) => [name, `0x${evm.bytecode.object}`]),
  );
}
