import { TREE_ARITY, type FieldElement } from '../../src/protocol/index.js';
import {
  makeAggregate,
  makeBatch,
  NULL_DIGEST,
  pick,
  publish,
  resign,
  toSource,
  USERS,
  type Node,
  type Published,
} from './world.js';
import { platform, tree, type Attack, type BundleCase } from './case.js';

/** A tree of the platform's choice, signed and proven as if its circuits let it. */
function grow(nodes: readonly Node[], top: Node, edit?: (published: Published) => void): Attack {
  const published = publish(platform, { nodes, top });
  edit?.(published);
  return { source: toSource(published) };
}

const grown = (name: string, code: BundleCase['code'], attack: () => Attack): BundleCase => ({
  name: `tree: ${name}`,
  code,
  attack,
});

const { first, second, third, fourth, left, right, top } = tree;
const batches = [first, second, third, fourth];
/** A batch that only its maker knows, with a debt that nobody proved. */
const invented = makeBatch('margin-2', [USERS[5]!], 'invented');

/** An aggregate over digests in any order and number, unlike those that `makeAggregate` fills up. */
const loose = (children: readonly FieldElement[], label: string) =>
  makeAggregate(children, label, { equity: [0n, 0n, 0n, 0n], debt: [0n, 0n, 0n, 0n] });

export const TREE_CASES: readonly BundleCase[] = [
  grown('a child with no proof', 'child-without-proof', () => {
    const greedy = makeAggregate([fourth, invented], 'right');
    const peak = makeAggregate([left, greedy], 'top');
    return grow([...batches, left, greedy, peak], peak);
  }),
  grown('a proof of a child taken out, with the count to match', 'child-without-proof', () =>
    grow([first, second, third, left, right, top], top),
  ),
  grown('the same child twice in one aggregate', 'child-repeated', () => {
    const double = makeAggregate([fourth, fourth], 'right');
    const peak = makeAggregate([left, double], 'top');
    return grow([...batches, left, double, peak], peak);
  }),
  grown('the same child in two aggregates', 'child-repeated', () => {
    const again = makeAggregate([fourth, first], 'right');
    const peak = makeAggregate([left, again], 'top');
    return grow([...batches, left, again, peak], peak);
  }),
  grown('the same aggregate twice', 'child-repeated', () => {
    const peak = makeAggregate([left, right, right], 'top');
    return grow([...batches, left, right, peak], peak);
  }),
  grown('a bare batch as the top', 'top-not-aggregate', () => grow([fourth], fourth)),
  grown('a bare batch as the top, under aggregates of its own', 'top-not-aggregate', () =>
    grow([first, second, third, fourth, left], fourth),
  ),
  grown('no proof of the top', 'top-missing', () => grow([...batches, left, right], top)),
  grown('an aggregate above the stated top', 'top-is-child', () =>
    grow([...batches, left, right, top], left),
  ),
  grown('a proof that is not below the top', 'proof-not-reached', () => {
    const peak = makeAggregate([left], 'top');
    return grow([...batches, left, peak], peak);
  }),
  grown('a whole tree that is not below the top', 'proof-not-reached', () => {
    const peak = makeAggregate([left], 'top');
    return grow([...batches, left, right, peak], peak);
  }),
  grown('a batch of another snapshot spliced in', 'proof-not-reached', () =>
    grow([...batches, makeBatch('spot-2', [USERS[0]!], 'other snapshot'), left, right, top], top),
  ),
  grown('a proof doubled, with the count to match', 'digest-repeated', () =>
    grow([first, ...batches, left, right, top], top),
  ),
  grown('an aggregate doubled, with the count to match', 'digest-repeated', () =>
    grow([...batches, left, left, right, top], top),
  ),
  grown('a proof of the digest that stands for nothing', 'digest-null', () =>
    grow([...batches, { ...first, digest: NULL_DIGEST }, left, right, top], top),
  ),
  grown('more children than the circuit sums', 'child-beyond-circuit', () => {
    const wide = makeAggregate(batches, 'wide');
    const peak = makeAggregate([wide], 'top');
    return grow([...batches, wide, peak], peak);
  }),
  grown('a child behind a missing one', 'child-after-null', () => {
    const gap = loose([NULL_DIGEST, fourth.digest], 'right');
    const peak = loose([left.digest, gap.digest], 'top');
    return grow([...batches, left, gap, peak], peak);
  }),
  grown('an aggregate of nothing', 'aggregate-empty', () => {
    const empty = loose([], 'empty');
    const peak = loose([left.digest, right.digest, empty.digest], 'top');
    return grow([...batches, left, right, empty, peak], peak);
  }),
  grown('children in another order than was proven', 'aggregate-digest-differs', () =>
    grow([...batches, left, right, top], top, ({ aggregates }) => {
      const { children } = aggregates[0]!;
      [children[0], children[1]] = [children[1]!, children[0]!];
    }),
  ),
  grown('another commitment than was proven', 'aggregate-digest-differs', () =>
    grow([...batches, left, right, top], top, ({ aggregates }) => {
      aggregates[0]!.totals = aggregates[1]!.totals;
    }),
  ),
  grown('fewer than 16 children', 'proof-malformed', () =>
    grow([...batches, left, right, top], top, ({ aggregates }) => {
      aggregates[0]!.children.length = TREE_ARITY - 1;
    }),
  ),
  grown('nine layers', 'tree-too-deep', () => {
    const chain = [makeAggregate(batches.slice(0, 3), 'layer 1')];
    while (chain.length < 9) chain.push(makeAggregate([chain.at(-1)!], `layer ${chain.length + 1}`));
    return grow([first, second, third, ...chain], chain.at(-1)!);
  }),
];

/** What the manifest says of the top; the platform signs the change and proves everything for it. */
const stated = (
  name: string,
  code: BundleCase['code'],
  change: (manifest: Published['manifest']) => void,
): BundleCase => ({
  name: `top: ${name}`,
  code,
  attack: (published) => {
    change(published.manifest);
    resign(platform, published);
    return undefined;
  },
});

export const TOP_CASES: readonly BundleCase[] = [
  stated('less equity than is proven', 'top-totals-differ', ({ totals }) => {
    totals[0]!.equity = (BigInt(totals[0]!.equity) - 1n).toString();
  }),
  stated('more debt than is proven', 'top-totals-differ', ({ totals }) => {
    totals[1]!.debt = (BigInt(totals[1]!.debt) + 1n).toString();
  }),
  stated('equity and debt of an asset swapped', 'top-totals-differ', ({ totals }) => {
    const [one] = totals;
    [one!.equity, one!.debt] = [one!.debt, one!.equity];
  }),
  stated('two assets swapped in the totals', 'totals-not-of-assets', ({ totals }) => {
    totals.reverse();
  }),
  stated('two assets swapped everywhere', 'top-totals-differ', ({ totals, assets }) => {
    [assets[0], assets[2]] = [assets[2]!, assets[0]!];
    totals.reverse();
  }),
  stated('two symbols swapped', 'totals-not-of-assets', ({ assets }) => {
    [assets[0]!.symbol, assets[2]!.symbol] = [assets[2]!.symbol, assets[0]!.symbol];
  }),
  stated('an asset dropped from totals', 'totals-not-of-assets', ({ totals }) => {
    totals.pop();
  }),
  stated('an asset dropped from the list and from totals', 'top-totals-differ', (manifest) => {
    manifest.assets.pop();
    manifest.totals.pop();
    manifest.reconciliation = null;
  }),
  stated('an asset added without a total', 'totals-not-of-assets', ({ assets }) => {
    assets.push({ ...assets[1]!, symbol: 'NEW' });
  }),
  stated('another blind', 'top-totals-differ', (manifest) => {
    manifest.top.blind = pick('another blind').toString();
  }),
  stated('another root', 'top-root-differs', (manifest) => {
    manifest.top.root = pick('another root').toString();
  }),
  stated('another digest', 'top-missing', (manifest) => {
    manifest.top.digest = pick('another digest').toString();
  }),
  {
    name: 'top: equity of an asset that is not listed',
    code: 'top-totals-differ',
    attack: () => {
      const hidden = makeBatch(
        'spot-2',
        [
          {
            userId: 'hid@example.org',
            circuit: 'spot-2',
            holdings: [{ assetIndex: 3, equityUnits: 5n, debtUnits: 0n }],
          },
        ],
        'hidden',
      );
      const peak = makeAggregate([left, right, hidden], 'top');
      return grow([...batches, hidden, left, right, peak], peak);
    },
  },
];
