import { blake2b } from '@noble/hashes/blake2.js';
import { beforeAll, describe, expect, it } from 'vitest';

import { bytesToHex, concatBytes, utf8ToBytes } from '../../../../src/protocol/index.js';
import {
  composeMessage,
  keyOfEntry,
  keyOfEvidence,
  type AccountEntry,
  type AccountEvidence,
  type Evidence,
  type ReserveEntry,
} from '../../../../src/protocol/reserves/index.js';
import { encodeAccount } from '../../../../src/verifier/reserves/accounts/addresses.js';
import { checkOnce } from '../../../../src/verifier/reserves/checks/once.js';
import { encodeBase58 } from '../../../../src/verifier/reserves/encodings.js';
import {
  surveyReserves,
  type ReservesDraft,
  type ReservesSurvey,
} from '../../../../src/verifier/reserves/making.js';
import {
  liabilities,
  makeKey,
  publish,
  publishLie,
  verify,
  wallet,
  type Built,
} from '../../../../conformance/adversary/reserves/world.js';
import {
  account,
  confirm,
  KEYS,
  makeAccountWorld,
  POLKADOT,
  SOLANA,
  sortBy,
  STELLAR,
  TETHER,
  TRON,
  tronAddress,
} from './world.js';

type Draft = { entries: ReserveEntry[]; evidence: Evidence[] } & Omit<ReservesDraft, 'entries' | 'evidence'>;
type Change = (draft: Draft, built: Built) => void;

let honest: Built;
let survey: ReservesSurvey;
beforeAll(async () => {
  honest = makeAccountWorld();
  survey = await surveyReserves(honest.draft, { pins: honest.pins, liabilities });
});

async function tell(change: Change, built = honest) {
  const draft = structuredClone(built.draft) as Draft;
  const reader = { ...built };
  change(draft, reader);
  return verify(publishLie(draft, survey), reader);
}
/** An account of Cardano that is listed, and in hexadecimal at a custodian. */
const addCardano = (): Change => (draft, built) => {
  const bytes = concatBytes(Uint8Array.of(0x61), new Uint8Array(28).fill(7));
  const chain = 'cip34:1-764824073';
  const entry = account(chain, encodeAccount(chain, bytes), {
    asset: 'USDC',
    amount: '1',
    control: 'stated',
  });
  const block = { number: 1, hash: '11'.repeat(32) };
  const native = { asset: 'USDC', decimals: 6, kind: 'issued' } as const;
  built.pins = {
    ...built.pins,
    accountChains: [{ chain, native, block, tokens: [] }, ...built.pins.accountChains!],
  };
  (draft as { blocks: unknown }).blocks = [{ chain, ...block }, ...draft.blocks];
  draft.entries = sortBy([...draft.entries, entry, custody(bytesToHex(bytes), 'USDC')], keyOfEntry);
};
const entryOf = (draft: Draft, chain: string) =>
  draft.entries.find((entry): entry is AccountEntry => entry.kind === 'account' && entry.chain === chain)!;
const evidenceOf = (draft: Draft, chain: string) =>
  draft.evidence.find((line): line is AccountEvidence => line.kind === 'account' && line.chain === chain)!;
const add =
  (...entries: ReserveEntry[]): Change =>
  (draft) => {
    draft.entries = sortBy([...draft.entries, ...entries], keyOfEntry);
  };
const other = (chain: string, text: string, asset: string): ReserveEntry => ({
  kind: 'other',
  ...{ chain, account: text, asset, amount: '1', encumbrance: null },
});
const custody = (text: string, asset: string): ReserveEntry => ({
  kind: 'custody',
  ...{ custodian: 'vault', account: text, asset, amount: '1', level: 'stated', encumbrance: null },
});

describe('accounts of other chains', () => {
  it('count at the levels that show them, and say what is left to their reader', async () => {
    const files = await publish(honest);
    const proven = await verify(files, honest);
    expect(proven).toMatchObject({ valid: true, outcome: 'not-shown' });
    expect(proven.assets.map(({ held }) => held)).toEqual(['0', '0', '0', '0', '0']);
    const held = async (level: 'reproducible' | 'attested' | 'stated') =>
      Object.fromEntries((await verify(files, honest, { level })).assets.map((row) => [row.asset, row.held]));
    expect(await held('reproducible')).toEqual({ BTC: '0', ETH: '0', USDT: '2000000', USDC: '0', SOL: '4' });
    expect(await held('attested')).toMatchObject({ USDC: '123', USDT: '2000000' });
    // 7 planck of 10 decimals are no unit of 8.
    expect(await held('stated')).toMatchObject({ BTC: '0', USDC: '123' });
    expect(proven.blocks).toContainEqual(
      expect.objectContaining({ chain: SOLANA, number: 1000, timestampSeconds: null }),
    );
    expect(proven.tokens).toContainEqual({
      ...{ chain: TRON, contract: TETHER, asset: 'USDT', kind: 'issued', issuer: 'a test' },
    });
    const notShown = proven.notShown.join('\n');
    expect(notShown).toContain('wallet/getaccountbalance');
    expect(notShown).toContain('add up the transactions of each account up to that slot');
  });

  it('are unverifiable where the reader has not pinned the block', async () => {
    const pins = {
      ...honest.pins,
      accountChains: honest.pins.accountChains!.map((pin) =>
        pin.chain === TRON ? { ...pin, block: null } : pin,
      ),
    };
    expect(await verify(await publish(honest), { ...honest, pins })).toMatchObject({
      valid: false,
      code: 'block-not-pinned',
    });
  });

  it.each<[string, string, Change]>([
    [
      'a block that is not the pinned one',
      'block-differs',
      ({ blocks }) => ((blocks as { number: number }[])[0]!.number += 1),
    ],
    ['no block of its chain', 'chain-not-listed', (draft) => void (draft.blocks as unknown[]).splice(0, 1)],
    [
      'an address in another spelling',
      'account-not-canonical',
      (draft) => (entryOf(draft, SOLANA).address = `1${entryOf(draft, SOLANA).address}`),
    ],
    [
      'the address of another network',
      'account-not-canonical',
      (draft) => (entryOf(draft, POLKADOT).address = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'),
    ],
    ['an amount of 0', 'reserve-amount-malformed', (draft) => (entryOf(draft, SOLANA).amount = '0')],
    [
      'a balance that is said to be proven',
      'entry-malformed',
      (draft) => ((entryOf(draft, SOLANA) as { balance: string }).balance = 'proven'),
    ],
    [
      'a token that is not pinned',
      'token-not-pinned',
      (draft) => (entryOf(draft, TRON).contract = TETHER.replace('TR7', 'TR8')),
    ],
    ['a token counted as the coin', 'asset-differs', (draft) => (entryOf(draft, TRON).contract = null)],
    [
      'a custodian where the key signs',
      'entry-malformed',
      (draft) => (entryOf(draft, SOLANA).custodian = 'vault'),
    ],
    [
      'no signature',
      'control-not-shown',
      (draft) =>
        void (draft.evidence = draft.evidence.filter(
          (line) => line.kind !== 'account' || line.chain !== SOLANA,
        )),
    ],
    [
      'a signature for another address',
      'control-not-shown',
      (draft, { challenge }) => {
        const [line, address] = [evidenceOf(draft, SOLANA), KEYS.vault.on(SOLANA)];
        line.signature = KEYS.sol.sign(composeMessage(liabilities, challenge, { chain: SOLANA, address }));
      },
    ],
    [
      'a signature for another platform',
      'control-not-shown',
      (draft, { challenge }) => {
        const line = evidenceOf(draft, SOLANA);
        line.signature = KEYS.sol.sign(
          composeMessage({ ...liabilities, platform: 'Another' }, challenge, line),
        );
      },
    ],
    [
      'a signature of a stranger',
      'control-not-shown',
      (draft, { challenge }) => {
        const line = evidenceOf(draft, SOLANA);
        line.signature = KEYS.vault.sign(composeMessage(liabilities, challenge, line));
      },
    ],
    ['a form of another chain', 'evidence-malformed', (draft) => (evidenceOf(draft, SOLANA).form = 'sep-53')],
    [
      'a public key where the address has it',
      'evidence-malformed',
      (draft) => (evidenceOf(draft, SOLANA).publicKey = '00'.repeat(32)),
    ],
    [
      'a signature for nothing that is claimed',
      'evidence-not-used',
      (draft, { challenge }) => {
        const address = KEYS.told.on(SOLANA);
        const line = { ...evidenceOf(draft, SOLANA), address };
        line.signature = KEYS.told.sign(composeMessage(liabilities, challenge, { chain: SOLANA, address }));
        draft.evidence = sortBy([...draft.evidence, line], keyOfEvidence);
      },
    ],
    [
      'a custodian’s confirmation of less',
      'amount-not-confirmed',
      (draft) => (entryOf(draft, STELLAR).amount = '1240'),
    ],
    [
      'a wallet that its custodian does not confirm',
      'control-not-shown',
      (draft, { challenge }) => {
        draft.evidence = draft.evidence.map((line) =>
          line.kind === 'confirmation'
            ? confirm([{ ...entryOf(draft, STELLAR), control: 'stated' }], challenge)
            : line,
        );
      },
    ],
    ['totals of more', 'reserves-totals-differ', (draft) => (entryOf(draft, SOLANA).amount = '5')],
  ])('are refused with %s', async (_, code, change) => {
    expect(await tell(change)).toMatchObject({ valid: false, code, assets: [] });
  });

  const bytesOfSol = Buffer.from(KEYS.sol.publicKey).toString('hex');
  it.each<[string, Change]>([
    ['as itself twice', (draft) => void draft.entries.splice(0, 0, { ...draft.entries[0]! })],
    ['in the list of what nothing is checked of', add(other(SOLANA, KEYS.sol.on(SOLANA), 'SOL'))],
    ['there as its bytes', add(other(SOLANA, bytesOfSol, 'SOL'))],
    ['under a custodian', add(custody(KEYS.sol.on(SOLANA), 'SOL'))],
    ['under a custodian, by CAIP-10', add(custody(`${SOLANA}:${KEYS.sol.on(SOLANA)}`, 'SOL'))],
    [
      'under a custodian, with its token',
      add(custody(`${TRON}:${tronAddress(makeKey('tron'))}:${TETHER}`, 'USDT')),
    ],
    [
      'under a custodian, as the hexadecimal of Tron',
      add(custody(`41${makeKey('tron').address.slice(2)}`, 'USDT')),
    ],
    [
      'under a custodian, with another prefix of Polkadot',
      add(custody(KEYS.told.on('polkadot:b0a8d493285c2df73290dfb7e61f870f'), 'BTC')),
    ],
  ])('are counted once: %s', async (_, change) => {
    expect(await tell(change)).toMatchObject({ valid: false, code: 'counted-twice' });
  });

  it.each<[string, Change]>([
    ['behind words', add(custody(`hot wallet (${KEYS.sol.on(SOLANA)}), main`, 'SOL'))],
    ['as the bytes that wallets of Cardano give', addCardano()],
  ])('are counted once, mentioned in a custodian’s account: %s', async (_, change) => {
    expect(await tell(change)).toMatchObject({ valid: false, code: 'counted-twice' });
  });

  it('are counted once: on Polkadot, whose prefix has two spellings', async () => {
    const key = concatBytes(Uint8Array.of(0x40, 0x00), KEYS.told.publicKey);
    const sum = blake2b(concatBytes(utf8ToBytes('SS58PRE'), key)).subarray(0, 2);
    const address = encodeBase58(concatBytes(key, sum));
    const again = account(POLKADOT, address, { asset: 'BTC', amount: '7', control: 'stated' });
    expect(await tell(add(again))).toMatchObject({ valid: false, code: 'account-not-canonical' });
    const twice = makeAccountWorld((entries) => void entries.push(again));
    await expect(publish(twice)).rejects.toMatchObject({ code: 'account-not-canonical' });
  });

  it('that are attested count what is confirmed of each, and no sum of its fractions', async () => {
    const built = makeAccountWorld((entries) => {
      const first = entries.find((entry) => entry.kind === 'account' && entry.chain === STELLAR)!;
      entries.push({ ...first, address: KEYS.told.on(STELLAR) } as ReserveEntry);
    });
    const { assets } = await verify(await publish(built), built, { level: 'attested' });
    // Twice 1239 of seven decimals, of which the custodian has confirmed 123 of six: not 247.
    expect(assets.find(({ asset }) => asset === 'USDC')).toMatchObject({ held: '246' });
  });

  it('are counted once: on Tron, and as a wallet of the EVM chain that Tron is said to be', () => {
    const twin = wallet(makeKey('tron'), 1n, {
      chain: 'eip155:728126428',
      asset: 'USDT',
      balance: 'reproducible',
    });
    const built = makeAccountWorld();
    const draft = structuredClone(built.draft) as Draft;
    draft.entries = sortBy([...draft.entries, twin], keyOfEntry);
    const contents = { entries: draft.entries.map((line) => ({ line, position: 'a line' })) } as never;
    const chains = [...draft.blocks.map(({ chain }) => chain), 'eip155:728126428'];
    const reserves = { ...draft, blocks: chains.map((chain) => ({ chain })) } as never;
    expect(() => checkOnce(reserves, contents)).toThrow(expect.objectContaining({ code: 'counted-twice' }));
  });

  it('of one key on two chains are two accounts', async () => {
    const built = makeAccountWorld((entries) => {
      entries.push(account(STELLAR, KEYS.sol.on(STELLAR), { asset: 'USDC', amount: '1', control: 'stated' }));
    });
    expect(await verify(await publish(built), built)).toMatchObject({ valid: true });
  });

  it('under the key of Solana’s system program show no control', async () => {
    const zero = new Uint8Array(32);
    const address = encodeBase58(zero);
    const built = makeAccountWorld((entries) => {
      const entry = entries.find((each) => each.kind === 'account' && each.chain === SOLANA) as AccountEntry;
      entry.address = address;
    });
    // R = B and s = 1: holds for every message of which the challenge is a multiple of the key's order.
    const line = built.draft.evidence.find(
      (each): each is AccountEvidence => each.kind === 'account' && each.chain === SOLANA,
    )!;
    line.signature = `58${'66'.repeat(31)}01${'00'.repeat(31)}`;
    expect(await tell(() => undefined, built)).toMatchObject({ valid: false, code: 'control-not-shown' });
  });
});
