import { InvalidArgumentError, type Command } from 'commander';

import { formatCount } from '../../presentation/index.js';
import { isAccountChain, type OutputEntry } from '../../protocol/reserves/index.js';
import {
  askNodes,
  captureSpends,
  composeCarrier,
  loadWork,
  openRpcNode,
  replaceOutputs,
  saveSpends,
  type AccountBlock,
  type BitcoinCapture,
} from '../../reserves/index.js';
import { addExample, type OpenNodes, type Output } from '../../verifier/command/index.js';
import { addOutputOptions, writeResult, type OutputFlags } from '../output.js';

/** A node for a chain, as `--rpc` and `--node` name it. */
export type ChainRpc = { readonly chain: string; readonly url: string };

/** Reads `chain=url`, once more. */
export function collectRpc(text: string, previous: readonly ChainRpc[]): ChainRpc[] {
  const match = /^(eip155:[1-9][0-9]{0,19}|bip122:[0-9a-f]{32})=(https?:\/\/.+)$/.exec(text);
  if (match === null)
    throw new InvalidArgumentError(
      'Expected a chain and the address of its node, like eip155:1=http://127.0.0.1:8545.',
    );
  return [...previous, { chain: match[1]!, url: match[2]! }];
}

/** Reads `chain=number:hash` of an account chain, once more. */
export function collectAccountBlock(text: string, previous: readonly AccountBlock[]): AccountBlock[] {
  const match = /^([^=]+)=(0|[1-9][0-9]{0,14}):([0-9A-Za-z]{32,128})$/.exec(text);
  if (match === null || !isAccountChain(match[1]!)) {
    throw new InvalidArgumentError(
      'Expected an account chain, its block and the hash of it, like xrpl:0=93000000:HASH.',
    );
  }
  return [...previous, { chain: match[1]!, block: { number: Number(match[2]), hash: match[3]! } }];
}

/** `solvent reserves spends`: outputs that moved after the instant are proven by that. */
export function addSpendsCommand(program: Command, output: Output): void {
  const command = program
    .command('spends')
    .description(
      'look through the blocks after the instant for spends of Bitcoin outputs: what moved then was there, and a spend that carries the challenge shows who controls it',
    )
    .argument('<work>', 'the work of solvent reserves challenge')
    .option('--rpc <chain=url...>', 'a node of each Bitcoin network', collectRpc, [])
    .option('--tip <height>', 'the last block that counts (default: the node’s newest)', Number);
  addOutputOptions(command, { isLong: true });
  addExample(
    command,
    'reserves spends reserves.work --rpc bip122:000000000019d6689c085ae165831e93=http://user:password@127.0.0.1:8332',
  ).action(
    async (
      path: string,
      { rpc, tip, ...flags }: OutputFlags & { readonly rpc: readonly ChainRpc[]; readonly tip?: number },
    ) => {
      const work = await loadWork(path);
      const captures: BitcoinCapture[] = [];
      for (const { chain, url } of rpc) {
        const contents = work.bitcoin?.get(chain);
        const block = work.pins.bitcoin?.find((pin) => pin.chain === chain)?.block ?? null;
        if (contents === undefined || block === null) continue;
        const entries = work.entries.filter(
          (entry): entry is OutputEntry => entry.kind === 'output' && entry.chain === chain,
        );
        const script = composeCarrier(work.challenge);
        const capture = { chain, block, contents, entries };
        captures.push(
          await captureSpends(openRpcNode(url), capture, {
            script,
            ...(tip === undefined ? {} : { tipNumber: tip }),
          }),
        );
      }
      await saveSpends(path, replaceOutputs(work, captures));
      const all = captures.flatMap(({ entries }) => entries);
      const [proven, spent] = [
        all.filter(({ balance }) => balance === 'proven').length,
        all.filter(({ control }) => control === 'spent').length,
      ];
      writeResult(
        flags,
        {
          object: {
            path,
            outputs: all.length,
            proven,
            spent,
            tips: captures.map(({ chain, block }) => ({ chain, ...block.tip })),
          },
          text: [
            `${proven} of ${formatCount(all.length, 'output')} moved after the instant, ${spent} of them with the challenge.\n`,
            ...captures.map(
              ({ chain, block }) =>
                `Readers pin of ${chain}: block ${block.number} ${block.hash}, tip ${block.tip.number} ${block.tip.hash}\n`,
            ),
          ].join(''),
          line: String(proven),
        },
        output,
      );
    },
  );
}

/** The nodes of `solvent reserves check --node`: of EVM chains for amounts, of Bitcoin networks for what is unspent. */
export const openNamedNodes: OpenNodes = (named) => {
  const nodes = named.reduce<ChainRpc[]>((list, text) => collectRpc(text, list), []);
  return { chains: nodes.map(({ chain }) => chain), askNode: askNodes(nodes) };
};
