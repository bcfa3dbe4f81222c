// Installs each chain's own libraries, pinned, into a temporary directory without their scripts, signs with them, and writes what they
// signed as fixtures: test/vectors/reserves/accounts.json. The project itself has none of these libraries.
import { Buffer } from 'node:buffer';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const LIBRARIES = {
  '@cosmjs/amino': '0.39.0',
  '@emurgo/cardano-message-signing-nodejs': '1.1.0',
  '@emurgo/cardano-serialization-lib-nodejs': '15.0.3',
  '@polkadot/keyring': '14.0.3',
  '@polkadot/util-crypto': '14.0.3',
  '@solana/addresses': '8.4.0',
  '@solana/keys': '8.4.0',
  '@solana/offchain-messages': '8.4.0',
  '@stellar/stellar-sdk': '17.2.0',
  'ripple-keypairs': '3.1.0',
  tronweb: '6.5.1',
};
const OUT = new URL('../../test/vectors/reserves/accounts.json', import.meta.url);

/** What every message of the fixtures is made of. */
const HEAD = {
  platform: 'Example Exchange',
  takenAt: '2026-11-28T00:00:00Z',
  challenge: createHash('sha256').update('a challenge of the fixtures').digest('hex'),
};
const compose = (chain, address, challenge = HEAD.challenge) =>
  [
    `${HEAD.platform} shows that it controls ${chain}:${address}`,
    `as of ${HEAD.takenAt}`,
    'for its users only, for no other platform',
    `solvent/reserves/v1 ${challenge}`,
  ].join('\n');

/** PUBLIC TEST KEYS: everyone can make them. Never send anything to their addresses. */
const seedOf = (name) =>
  createHash('sha256').update(`PUBLIC TEST KEY ${name} of Solvent’s fixtures`).digest();
const hex = (bytes) => Buffer.from(bytes).toString('hex');
const utf8 = (text) => Buffer.from(text, 'utf8');
const OTHER = '0'.repeat(64);

const directory = await mkdtemp(join(tmpdir(), 'solvent-chain-fixtures-'));
try {
  await writeFile(join(directory, 'package.json'), '{"private":true}');
  const wanted = Object.entries(LIBRARIES).map(([name, version]) => `${name}@${version}`);
  await promisify(execFile)(
    'npm',
    ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--save-exact', ...wanted],
    { cwd: directory, maxBuffer: 1 << 26 },
  );
  const cases = await signAll(createRequire(join(directory, 'package.json')));
  const made = { madeAt: new Date().toISOString().slice(0, 10), libraries: LIBRARIES, head: HEAD, cases };
  await writeFile(OUT, `${JSON.stringify(made, null, 2)}\n`);
  console.log(`wrote ${cases.length} signatures to test/vectors/reserves/accounts.json`);
} finally {
  await rm(directory, { recursive: true, force: true });
}

async function signAll(require) {
  const load = (name) => import(pathToFileURL(require.resolve(name)).href);
  const lists = [];
  const signers = {
    tronweb: tron,
    'ripple-keypairs': xrp,
    '@solana/offchain-messages': solana,
    '@stellar/stellar-sdk': stellar,
    '@emurgo/cardano-message-signing-nodejs': cardano,
    '@cosmjs/amino': cosmos,
    '@polkadot/keyring': polkadot,
  };
  for (const [library, sign] of Object.entries(signers)) {
    for (const each of await sign(load, require)) lists.push({ library, publicKey: null, ...each });
  }
  return lists;
}

/**
 * For a way to sign: the message, another message, and the same message by another key; then the same message in other layouts.
 * @param sign (text, whose) gives what differs in the evidence.
 */
async function vary({ chain, address, form, sign, layouts = {} }) {
  const text = compose(chain, address);
  const cases = [
    { name: 'the message', verdict: 'valid', ...(await sign(text, 'own')) },
    { name: 'another challenge', verdict: 'invalid', ...(await sign(compose(chain, address, OTHER), 'own')) },
    { name: 'another key', verdict: 'invalid', ...(await sign(text, 'other')) },
  ];
  for (const [name, layout] of Object.entries(layouts)) {
    cases.push({ name, verdict: 'invalid', ...(await sign(text, 'own')), ...(await layout(text)) });
  }
  return cases.map((each) => ({ chain, address, form, ...each }));
}

async function tron(load) {
  const { Trx, TronWeb } = await load('tronweb');
  const keys = { own: hex(seedOf('tron')), other: hex(seedOf('tron other')) };
  const bare = (text) => text.replace(/^0x/, '');
  return vary({
    chain: 'tron:0x2b6653dc',
    address: TronWeb.address.fromPrivateKey(keys.own),
    form: 'tip-191',
    sign: (text, whose) => ({ signature: bare(Trx.signMessageV2(text, keys[whose])) }),
    layouts: {
      'the first version of TIP-191, whose header always says 32 bytes': (text) => ({
        signature: bare(Trx.signString(hex(utf8(text)), keys.own, true)),
      }),
      'the header of Ethereum': (text) => ({
        signature: bare(Trx.signString(hex(utf8(text)), keys.own, false)),
      }),
    },
  });
}

async function xrp(load) {
  const { deriveAddress, deriveKeypair, generateSeed, sign } = await load('ripple-keypairs');
  const cases = [];
  for (const algorithm of ['ecdsa-secp256k1', 'ed25519']) {
    const make = (name) =>
      deriveKeypair(generateSeed({ entropy: seedOf(`${name} ${algorithm}`).subarray(0, 16), algorithm }));
    const keys = { own: make('xrp'), other: make('xrp other') };
    const signAs = (text, { privateKey, publicKey }) => ({
      publicKey: publicKey.toLowerCase(),
      signature: sign(hex(utf8(text)), privateKey).toLowerCase(),
    });
    cases.push(
      ...(await vary({
        chain: 'xrpl:0',
        address: deriveAddress(keys.own.publicKey),
        form: 'xrpl',
        sign: (text, whose) => signAs(text, keys[whose]),
        layouts: {
          'another key under the public key of the account': (text) => ({
            signature: signAs(text, keys.other).signature,
          }),
          'the hash of the message': (text) =>
            signAs(createHash('sha256').update(text).digest('latin1'), keys.own),
        },
      })),
    );
  }
  return cases;
}

async function solana(load) {
  const { createKeyPairFromPrivateKeyBytes, signBytes } = await load('@solana/keys');
  const { getAddressFromPublicKey } = await load('@solana/addresses');
  const o = await load('@solana/offchain-messages');
  const keys = {
    own: await createKeyPairFromPrivateKeyBytes(seedOf('solana')),
    other: await createKeyPairFromPrivateKeyBytes(seedOf('solana other')),
  };
  const address = await getAddressFromPublicKey(keys.own.publicKey);
  const otherAddress = await getAddressFromPublicKey(keys.other.publicKey);
  const envelope = {
    'solana-offchain-v0': (text, signers, domain = '1'.repeat(32)) =>
      o.compileOffchainMessageV0Envelope({
        version: 0,
        applicationDomain: o.offchainMessageApplicationDomain(domain),
        content: o.offchainMessageContentUtf8Of1232BytesMax(text),
        requiredSignatories: signers.map((each) => ({ address: each })),
      }),
    'solana-offchain-v1': (text, signers) =>
      o.compileOffchainMessageV1Envelope({
        version: 1,
        content: text,
        requiredSignatories: signers.map((each) => ({ address: each })),
      }),
  };
  const forms = {
    'solana-message': async (text, whose) => hex(await signBytes(keys[whose].privateKey, utf8(text))),
  };
  const signEnvelope = async (made, whose = 'own') =>
    hex(await signBytes(keys[whose].privateKey, new Uint8Array(made.content)));
  for (const form of ['solana-offchain-v0', 'solana-offchain-v1']) {
    forms[form] = async (text, whose) => {
      const made = envelope[form](text, [address]);
      if (whose === 'other') return signEnvelope(made, 'other');
      const signed = await o.signOffchainMessageEnvelope([keys.own], made);
      return hex(signed.signatures[address]);
    };
  }
  const cases = [];
  for (const [form, sign] of Object.entries(forms)) {
    const layouts = Object.fromEntries(
      Object.entries(forms)
        .filter(([name]) => name !== form)
        .map(([name, other]) => [`as ${name}`, async (text) => ({ signature: await other(text, 'own') })]),
    );
    if (form in envelope) {
      layouts['with a second signer'] = async (text) => ({
        signature: await signEnvelope(envelope[form](text, [address, otherAddress])),
      });
    }
    if (form === 'solana-offchain-v0') {
      layouts['for an application domain'] = async (text) => ({
        signature: await signEnvelope(envelope[form](text, [address], otherAddress)),
      });
    }
    cases.push(
      ...(await vary({
        chain: 'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp',
        address,
        form,
        sign: async (text, whose) => ({ signature: await sign(text, whose) }),
        layouts,
      })),
    );
  }
  return cases;
}

async function stellar(_, require) {
  const { Keypair } = require('@stellar/stellar-sdk');
  const keys = {
    own: Keypair.fromRawEd25519Seed(seedOf('stellar')),
    other: Keypair.fromRawEd25519Seed(seedOf('stellar other')),
  };
  return vary({
    chain: 'stellar:pubnet',
    address: keys.own.publicKey(),
    form: 'sep-53',
    sign: (text, whose) => ({ signature: hex(keys[whose].signMessage(text)) }),
    layouts: { 'the text itself': (text) => ({ signature: hex(keys.own.sign(utf8(text))) }) },
  });
}

async function cardano(_, require) {
  const C = require('@emurgo/cardano-serialization-lib-nodejs');
  const M = require('@emurgo/cardano-message-signing-nodejs');
  const make = (name) => C.PrivateKey.from_normal_bytes(seedOf(name));
  const keys = { own: make('cardano'), other: make('cardano other') };
  const credential = (key) => C.Credential.from_keyhash(key.to_public().hash());
  const addresses = {
    enterprise: C.EnterpriseAddress.new(1, credential(keys.own)).to_address(),
    base: C.BaseAddress.new(1, credential(keys.own), credential(keys.other)).to_address(),
    reward: C.RewardAddress.new(1, credential(keys.own)).to_address(),
  };
  const sign = (address, { payload, key, isHashed = false, claimed = key }) => {
    const header = M.HeaderMap.new();
    header.set_algorithm_id(M.Label.from_algorithm_id(M.AlgorithmId.EdDSA));
    header.set_header(M.Label.new_text('address'), M.CBORValue.new_bytes(address.to_bytes()));
    const headers = M.Headers.new(M.ProtectedHeaderMap.new(header), M.HeaderMap.new());
    const builder = M.COSESign1Builder.new(headers, utf8(payload), false);
    if (isHashed) builder.hash_payload();
    const cose = builder.build(key.sign(builder.make_data_to_sign().to_bytes()).to_bytes());
    return { publicKey: hex(claimed.to_public().as_bytes()), signature: hex(cose.to_bytes()) };
  };
  const cases = [];
  for (const [kind, address] of Object.entries(addresses)) {
    const made = await vary({
      chain: 'cip34:1-764824073',
      address: address.to_bech32(),
      form: 'cip-8',
      sign: (text, whose) => sign(address, { payload: text, key: keys[whose] }),
      layouts: {
        'with another address in its header': (text) =>
          sign(kind === 'base' ? addresses.enterprise : addresses.base, { payload: text, key: keys.own }),
        'by another key under the key of the account': (text) =>
          sign(address, { payload: text, key: keys.other, claimed: keys.own }),
      },
    });
    const [first] = made;
    const payload = compose(first.chain, first.address);
    const hashed = sign(address, { payload, key: keys.own, isHashed: true });
    cases.push(...made, { ...first, ...hashed, name: 'the hash of the message, said to be hashed' });
  }
  return cases;
}

async function cosmos(load) {
  const { Secp256k1Wallet, serializeSignDoc } = await load('@cosmjs/amino');
  const cases = [];
  for (const [chain, prefix] of [
    ['cosmos:cosmoshub-4', 'cosmos'],
    ['cosmos:osmosis-1', 'osmo'],
  ]) {
    const wallets = {
      own: await Secp256k1Wallet.fromKey(seedOf('cosmos'), prefix),
      other: await Secp256k1Wallet.fromKey(seedOf('cosmos other'), prefix),
    };
    const [{ address, pubkey }] = await wallets.own.getAccounts();
    const sign = async (text, whose, change = {}) => {
      const [account] = await wallets[whose].getAccounts();
      const value = { signer: account.address, data: utf8(text).toString('base64') };
      const document = {
        ...{ chain_id: '', account_number: '0', sequence: '0', fee: { gas: '0', amount: [] }, memo: '' },
        msgs: [{ type: 'sign/MsgSignData', value }],
        ...change,
      };
      serializeSignDoc(document);
      const { signature } = await wallets[whose].signAmino(account.address, document);
      return {
        publicKey: hex(account.pubkey),
        signature: hex(Buffer.from(signature.signature, 'base64')),
      };
    };
    cases.push(
      ...(await vary({
        chain,
        address,
        form: 'adr-36',
        sign,
        layouts: {
          'for a chain, as a transaction is': (text) => sign(text, 'own', { chain_id: chain.split(':')[1] }),
          'by another key under the key of the account': async (text) => ({
            ...(await sign(text, 'other')),
            publicKey: hex(pubkey),
          }),
        },
      })),
    );
  }
  return cases;
}

async function polkadot(load) {
  const { Keyring } = await load('@polkadot/keyring');
  const { cryptoWaitReady } = await load('@polkadot/util-crypto');
  await cryptoWaitReady();
  const cases = [];
  for (const [chain, ss58Format] of [
    ['polkadot:91b171bb158e2d3848fa23a9f1c25182', 0],
    ['polkadot:b0a8d493285c2df73290dfb7e61f870f', 2],
  ]) {
    for (const type of ['ed25519', 'sr25519', 'ecdsa']) {
      const make = (name) => new Keyring({ type, ss58Format }).addFromSeed(seedOf(name));
      const keys = { own: make('polkadot'), other: make('polkadot other') };
      const wrap = (text) => `<Bytes>${text}</Bytes>`;
      cases.push(
        ...(await vary({
          chain,
          address: keys.own.address,
          form: `substrate-${type}`,
          sign: (text, whose) => ({ signature: hex(keys[whose].sign(wrap(text))) }),
          layouts: { 'the text itself': (text) => ({ signature: hex(keys.own.sign(text)) }) },
        })),
      );
    }
  }
  return cases;
}
