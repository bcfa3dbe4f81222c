// Captures the reserves of the demonstration on local chains at its instant: wallets of public test keys with ether and
// a token for each other asset of a snapshot, and outputs of a Bitcoin network mined here. What it writes has no
// signatures: each demonstration signs its own challenge.
import { type Pins } from '../../src/protocol/reserves/index.js';
import { captureChain, composeWork, saveWork, type CapturedWallet } from '../../src/reserves/index.js';
import { loadSnapshot, type Snapshot } from '../../src/snapshot/index.js';
import { hashEvm } from '../../src/verifier/reserves/making.js';
import { describeScript } from '../command-line.js';
import { captureDemoOutputs, DEMO_EASIEST_BITS, DEMO_NETWORK } from './demo-bitcoin.js';
import { DEMO_KEYS } from './demo-keys.js';
import { compileTokens, startAnvil, type LocalChain } from './local-chain.js';

const CHAIN = 'eip155:31337';
/** Decimals of every token of the demonstration. */
const TOKEN_DECIMALS = 18;
const SATOSHI_DECIMALS = 8;
/** The slot of the balances in `tokens.sol`. */
const BALANCES = `0x${'1'.padStart(64, '0')}`;
/** Held of what is owed, in hundredths, over all wallets. */
const HELD_PERCENT = 105n;
/** Seconds from the instant to the block before and the block after it. */
const [BEFORE, AFTER] = [4, 8];

const flags = describeScript('node dist/scripts/reserves/capture-demo.js', {
  does: 'Capture wallets of public test keys on a local chain, with a little more than the snapshot of a demonstration owes.',
  examples: ['--snapshot demo/snapshot --out conformance/demonstration-reserves'],
})
  .requiredOption('--snapshot <dir>', 'the snapshot of a demonstration')
  .requiredOption('--out <dir>', 'a new directory')
  .parse()
  .opts<{ readonly snapshot: string; readonly out: string }>();

const snapshot = await loadSnapshot(flags.snapshot);
const wallets = DEMO_KEYS.map(({ address }) => address);
const instantSeconds = Math.floor(Date.parse(snapshot.takenAt) / 1000);
// Each transaction is a block, and blocks are a second apart at least.
const chain = await startAnvil(instantSeconds - 3600);
try {
  const pins = await fund(chain);
  await chain.node.call('evm_setNextBlockTimestamp', [instantSeconds - BEFORE]);
  await chain.node.call('anvil_mine', ['0x1']);
  await chain.node.call('evm_setNextBlockTimestamp', [instantSeconds + AFTER]);
  await chain.node.call('anvil_mine', ['0x1']);
  const captured: CapturedWallet[] = wallets.map((address) => ({
    ...{ address, control: 'signed', custodian: null, encumbrance: null },
  }));
  const { takenAt, platform, hash: snapshotHash } = snapshot;
  const capture = await captureChain(chain.node, { chain: CHAIN, takenAt, wallets: captured, pins });
  const head = { platform, takenAt, snapshotHash, signingKey: '0'.repeat(64) };
  const bitcoin = [captureDemoOutputs(splitCoins(snapshot), instantSeconds)];
  const work = composeWork(head, [capture], { pins, encumbrances: [], bitcoin });
  await saveWork(flags.out, work);
  console.log(`wrote ${flags.out}: ${work.entries.length} amounts, ${capture.nodes.length} nodes`);
} finally {
  chain.stop();
}

/** Sends ether and deploys a token for each other asset, and pins them. */
async function fund(local: LocalChain): Promise<Pins> {
  const bytecode = compileTokens().Plain!;
  const tokens: Pins['tokens'] = [];
  for (const { asset, equity } of snapshot.totals) {
    const decimals = decimalsOf(snapshot, asset);
    const share = (BigInt(equity) * HELD_PERCENT * 10n ** BigInt(TOKEN_DECIMALS - decimals)) / 100n;
    const each = share / BigInt(wallets.length) + 1n;
    if (asset === 'BTC') continue;
    if (asset === 'ETH') {
      await local.node.call('anvil_setBalance', [
        local.sender,
        `0x${(share * 2n + 10n ** 24n).toString(16)}`,
      ]);
      for (const to of wallets) await local.send({ to, value: each });
      continue;
    }
    const contract = await local.deploy(bytecode);
    for (const to of wallets) await local.invoke(contract, 'mint(address,uint256)', [to, each]);
    const code = (await local.node.call('eth_getCode', [contract, 'latest'])) as string;
    tokens.push({
      ...{
        chain: CHAIN,
        contract,
        asset,
        decimals: TOKEN_DECIMALS,
        kind: 'issued',
        proxy: null,
        freezes: [],
      },
      issuer: 'a demonstration token: it is worth nothing',
      codeHash: hashEvm(Uint8Array.from(Buffer.from(code.slice(2), 'hex'))),
      balance: { layout: { kind: 'solidity', slot: BALANCES }, rule: { kind: 'plain' } },
    });
  }
  return {
    format: 'solvent/pins/v1',
    chains: [
      {
        chain: CHAIN,
        native: { asset: 'ETH', decimals: 18, kind: 'issued' },
        block: null,
        settlement: 'they are of a local node, captured for the demonstration',
      },
    ],
    bitcoin: [
      {
        chain: DEMO_NETWORK,
        native: { asset: 'BTC', kind: 'issued' },
        easiestBits: DEMO_EASIEST_BITS,
        block: null,
      },
    ],
    tokens: tokens.sort((a, b) => (a.contract < b.contract ? -1 : 1)),
    ...{ wallets: [], delegates: [], custodians: [] },
  };
}

/** A little more than what is owed in the wallet that is swept, and a part of it in the one that only signs. */
function splitCoins({ totals, assets }: Snapshot): { readonly hot: bigint; readonly cold: bigint } {
  const { equity } = totals.find(({ asset }) => asset === 'BTC')!;
  const { decimals } = assets.find(({ symbol }) => symbol === 'BTC')!;
  if (decimals !== SATOSHI_DECIMALS) throw new Error(`expected ${SATOSHI_DECIMALS} decimals of BTC`);
  const owed = BigInt(equity);
  return { hot: (owed * HELD_PERCENT) / 100n + 1n, cold: owed / 2n };
}

function decimalsOf({ assets }: Snapshot, asset: string): number {
  const { decimals } = assets.find(({ symbol }) => symbol === asset)!;
  if (decimals > TOKEN_DECIMALS) throw new Error(`expected at most ${TOKEN_DECIMALS} decimals of ${asset}`);
  return decimals;
}
