import { encodeJsonLine, utf8ToBytes, type InclusionFile } from '../../src/protocol/index.js';
import {
  makeAggregate,
  makeBatch,
  makeInclusion,
  nonceOf,
  pick,
  proveDigest,
  publish,
  toSource,
  type Node,
  type User,
} from './world.js';
import { FILES, platform, tree, type InclusionAttack, type InclusionCase } from './case.js';

const decoder = new TextDecoder();
const { first, second, third, left, right, top } = tree;

const changed = (
  name: string,
  code: InclusionCase['code'],
  change: (file: InclusionFile) => void,
  of: keyof typeof FILES = 'lea',
): InclusionCase => ({
  name,
  code,
  of,
  attack: (file) => {
    change(file);
    return undefined;
  },
});

const respelled = (
  name: string,
  code: InclusionCase['code'],
  change: (text: string) => string,
): InclusionCase => ({
  name: `spelling: ${name}`,
  code,
  attack: (file) => ({ bytes: utf8ToBytes(change(decoder.decode(encodeJsonLine(file)))) }),
});

/** A snapshot whose platform lets its circuits prove a leaf as it likes, with one batch and the file of its user. */
export function forgeLeaf(user: User, edit: (file: InclusionFile) => void): InclusionAttack {
  const batch = makeBatch(user.circuit, [user], 'forged');
  const peak = makeAggregate([batch], 'forged top');
  const published = publish(platform, { nodes: [batch, peak], top: peak });
  const file = makeInclusion(platform, published, { userId: user.userId, path: [batch, peak] });
  edit(file);
  return { bytes: encodeJsonLine(file), source: toSource(published), userId: user.userId };
}

/** Proves every layer of a file again, so that only what its digests say can give it away. */
function reprove(file: InclusionFile): void {
  const { manifest } = published();
  file.batch.proof = proveDigest(platform, manifest, { circuit: file.circuit, digest: file.batch.digest });
  for (const layer of file.layers) {
    layer.proof = proveDigest(platform, manifest, { circuit: 'aggregate', digest: layer.digest });
  }
}

const published = () => publish(platform, { nodes: Object.values(tree), top });

/** A layer as a file holds it, proven for the honest manifest. */
function layerOf(node: Node, slot: number): InclusionFile['layers'][number] {
  const digest = node.digest.toString();
  return {
    slot,
    digest,
    children: node.children.map(String),
    totals: node.commitment.toString(),
    proof: proveDigest(platform, published().manifest, { circuit: 'aggregate', digest }),
  };
}

const spellings: InclusionCase[] = [
  respelled('a byte-order mark', 'json-malformed', (text) => `\uFEFF${text}`),
  respelled('a doubled user id', 'json-not-canonical', (text) =>
    text.replace('"userId":', '"userId":"bob@example.org","userId":'),
  ),
  respelled('another version', 'format-unknown', (text) => text.replace('inclusion/v1', 'inclusion/v2')),
  respelled('an amount with a space', 'schema-violated', (text) =>
    text.replace('"equity":"100000000"', '"equity":"100000000 "'),
  ),
  respelled('an amount of 2^64', 'schema-violated', (text) =>
    text.replace('"equity":"100000000"', `"equity":"${1n << 64n}"`),
  ),
  respelled('a negative debt', 'schema-violated', (text) => text.replace('"debt":"0"', '"debt":"-1"')),
  respelled('a position as a text', 'schema-violated', (text) =>
    text.replace('"position":1', '"position":"1"'),
  ),
  respelled('a position of a half', 'schema-violated', (text) =>
    text.replace('"position":1', '"position":1.5'),
  ),
  respelled('a negative position', 'schema-violated', (text) =>
    text.replace('"position":1', '"position":-15'),
  ),
  respelled('__proto__ as a key', 'schema-violated', (text) =>
    text.replace('{"batch"', '{"__proto__":{},"batch"'),
  ),
  respelled('nine megabytes', 'json-too-large', (text) => `"${'x'.repeat(9 << 20)}"${text}`),
];

const users: InclusionCase[] = [
  {
    name: 'the file of another user with the same holdings',
    code: 'user-id-differs',
    of: 'bob',
    attack: () => ({ bytes: encodeJsonLine(FILES.eve), userId: 'bob@example.org' }),
  },
  {
    name: 'the file of another user with the same holdings, and this user’s id in it',
    code: 'batch-digest-differs',
    of: 'eve',
    attack: (file) => {
      file.userId = 'bob@example.org';
      return { userId: 'bob@example.org' };
    },
  },
  {
    name: 'another id typed',
    code: 'user-id-differs',
    attack: () => ({ userId: 'LEA@example.org' }),
  },
  {
    name: 'one leaf shown to two users: the id of the file is believed nowhere',
    code: 'batch-digest-differs',
    attack: (file) => {
      file.userId = 'zoe@example.org';
      return { userId: 'zoe@example.org' };
    },
  },
  changed('another nonce', 'batch-digest-differs', (file) => {
    file.nonce = nonceOf('bob@example.org').toString();
  }),
  changed('a file of another snapshot', 'inclusion-of-other-snapshot', (file) => {
    file.manifestHash = 'ab'.repeat(32);
  }),
  {
    name: 'no manifest at all',
    code: 'manifest-missing',
    attack: () => ({ source: undefined }),
  },
  { name: 'no trust file', code: 'trust-missing', attack: () => ({ trust: undefined }) },
  {
    name: 'development keys that nobody allowed',
    code: 'development-keys',
    attack: () => ({ options: { allowDevelopmentKeys: false } }),
  },
];

const holdings: InclusionCase[] = [
  changed('more equity than was proven', 'batch-digest-differs', ({ holdings: [btc] }) => {
    btc!.equity = '100000001';
  }),
  changed('less debt than was proven', 'batch-digest-differs', ({ holdings: [, usdt] }) => {
    usdt!.debt = '1';
  }),
  changed('equity and debt swapped', 'net-value-negative', ({ holdings: [btc] }) => {
    [btc!.equity, btc!.debt] = [btc!.debt, btc!.equity];
  }),
  changed(
    'a holding left out',
    'batch-digest-differs',
    ({ holdings }) => {
      holdings.pop();
    },
    'dan',
  ),
  changed('a debt that nothing covers', 'net-value-negative', ({ holdings }) => {
    holdings[1]!.debt = '90000000000';
  }),
  changed('two holdings in another order', 'holdings-not-sorted', ({ holdings }) => {
    holdings.reverse();
  }),
  changed('a holding twice', 'holdings-not-sorted', ({ holdings }) => {
    holdings[1] = holdings[0]!;
  }),
  changed(
    'another asset of the same list',
    'batch-digest-differs',
    ({ holdings }) => {
      holdings[0]!.asset = 'BTC';
    },
    'bob',
  ),
  changed('an asset that is not listed', 'holding-not-listed', ({ holdings }) => {
    holdings[0]!.asset = 'DOGE';
  }),
  changed('an asset named after a property of every object', 'holding-not-listed', ({ holdings }) => {
    holdings[0]!.asset = 'constructor';
  }),
  changed(
    'an empty holding added',
    'amount-out-of-range',
    ({ holdings }) => {
      holdings.push({ asset: 'XYZ', equity: '0', debt: '0' });
    },
    'bob',
  ),
  changed('more holdings than slots', 'too-many-holdings', ({ holdings }) => {
    holdings.push({ asset: 'XYZ', equity: '1', debt: '0' });
  }),
  changed(
    'a debt in a circuit without debts',
    'debt-in-spot',
    ({ holdings }) => {
      holdings[0]!.debt = '1';
    },
    'bob',
  ),
  {
    name: 'a debt without collateral that the platform proved all the same',
    code: 'net-value-negative',
    attack: () =>
      forgeLeaf(
        {
          userId: 'poor@example.org',
          circuit: 'margin-2',
          holdings: [{ assetIndex: 1, equityUnits: 10n, debtUnits: 10n }],
        },
        ({ holdings: [usdt] }) => {
          usdt!.debt = '11';
        },
      ),
  },
];

const paths: InclusionCase[] = [
  changed('another row of the batch', 'batch-digest-differs', (file) => {
    file.position = 0;
  }),
  changed('a row beyond the batch', 'position-beyond-batch', (file) => {
    file.position = 3;
  }),
  changed(
    'a row beyond the tree',
    'position-beyond-batch',
    (file) => {
      file.position += 256;
    },
    'dan',
  ),
  changed('a path one level longer', 'path-length-differs', (file) => {
    file.siblings.push(new Array<string>(15).fill('0'));
  }),
  changed(
    'a path one level shorter',
    'path-length-differs',
    (file) => {
      file.siblings.pop();
    },
    'dan',
  ),
  changed('a path of no level', 'schema-violated', (file) => {
    file.siblings = [];
  }),
  changed(
    'an inner node as the leaf',
    'path-length-differs',
    (file) => {
      file.siblings.shift();
      file.position = 0;
    },
    'dan',
  ),
  changed('16 siblings', 'schema-violated', (file) => {
    file.siblings[0]!.push('0');
  }),
  changed('a sibling changed', 'batch-digest-differs', (file) => {
    file.siblings[0]![3] = '1';
  }),
  changed('two siblings swapped', 'batch-digest-differs', ({ siblings: [level] }) => {
    [level![0], level![1]] = [level![1]!, level![0]!];
  }),
  changed(
    'the circuit of another layout',
    'batch-digest-differs',
    (file) => {
      file.circuit = 'margin-2';
      reprove(file);
    },
    'bob',
  ),
  changed('the aggregate circuit', 'inclusion-circuit-not-batch', (file) => {
    file.circuit = 'aggregate';
  }),
  changed('a circuit that is not listed', 'inclusion-circuit-not-batch', (file) => {
    file.circuit = 'spot-64';
  }),
  changed(
    'another slot of the layer',
    'slot-differs',
    (file) => {
      file.layers[0]!.slot = 1;
    },
    'bob',
  ),
  changed('a slot with a missing child', 'slot-beyond-circuit', (file) => {
    file.layers[0]!.slot = 15;
  }),
  changed('a layer left out', 'slot-differs', (file) => {
    file.layers.shift();
  }),
  changed('the top left out', 'path-not-to-top', (file) => {
    file.layers.pop();
  }),
  changed('a layer doubled', 'slot-differs', (file) => {
    file.layers.push(structuredClone(file.layers.at(-1)!));
  }),
  changed('a layer above the top', 'path-not-to-top', (file) => {
    file.layers.push(layerOf(makeAggregate([top], 'above'), 0));
  }),
  changed('the layers of another batch', 'slot-differs', (file) => {
    file.layers = structuredClone(FILES.bob.layers);
  }),
  changed(
    'a private tree of the batch, beside the published one',
    'path-not-to-top',
    (file) => {
      const other = makeAggregate([second, third], 'left');
      const peak = makeAggregate([other, right], 'top');
      file.layers = [layerOf(other, 0), layerOf(peak, 0)];
    },
    'eve',
  ),
  changed('a child of a layer changed', 'aggregate-digest-differs', (file) => {
    file.layers[0]!.children[2] = pick('child').toString();
  }),
  changed('the totals of a layer changed', 'aggregate-digest-differs', (file) => {
    file.layers[0]!.totals = pick('totals').toString();
  }),
  changed('nine layers', 'schema-violated', (file) => {
    while (file.layers.length < 9) file.layers.push(structuredClone(file.layers.at(-1)!));
  }),
  changed('the totals of the batch changed', 'batch-digest-differs', (file) => {
    file.batch.totals = first.commitment.toString();
  }),
  changed('the digest of the batch changed', 'proof-invalid', (file) => {
    file.batch.digest = first.digest.toString();
  }),
  changed('the digest of the batch changed, and proven', 'slot-differs', (file) => {
    file.batch.digest = first.digest.toString();
    reprove(file);
  }),
  changed('the digest of a layer changed, and proven', 'aggregate-digest-differs', (file) => {
    file.layers[0]!.digest = left.digest.toString();
    reprove(file);
  }),
  changed('no proof of the batch but that of an aggregate', 'proof-invalid', (file) => {
    file.batch.proof = file.layers[0]!.proof;
  }),
  changed('the proof of another layer', 'proof-invalid', (file) => {
    file.layers[0]!.proof = file.layers[1]!.proof;
  }),
  changed('a proof at infinity', 'proof-point-at-infinity', (file) => {
    file.batch.proof.a = ['0', '0'];
  }),
];

export const INCLUSION_CASES: readonly InclusionCase[] = [...spellings, ...users, ...holdings, ...paths];
