// Cuts made-up accounts into batches with the compiled prover: shard-many.mjs ACCOUNTS DIRECTORY. Run with a small
// heap by the test beside it.
import { circuitName, deriveTag, PROFILES } from '../../dist/src/protocol/index.js';
import { shardAccounts } from '../../dist/src/prover/shard/shard.js';

const accountCount = Number(process.argv[2]);
const profile = PROFILES.get('standard');
const { assets } = profile.aggregate;

const holdingsOf = (user) =>
  Array.from({ length: 1 + (user % 9) }, (_, assetIndex) => ({
    assetIndex,
    equityUnits: BigInt(user + 1),
    debtUnits: 0n,
  }));

async function* accounts() {
  for (let user = 0; user < accountCount; user++) {
    yield { userId: `someone-${user}@example.org`, holdings: holdingsOf(user) };
  }
}

const equity = new Array(assets).fill(0n);
for (let user = 0; user < accountCount; user++) {
  for (const { assetIndex, equityUnits } of holdingsOf(user)) equity[assetIndex] += equityUnits;
}

await shardAccounts(accounts(), {
  directory: process.argv[3],
  circuits: profile.batches.map((parameters) => ({
    name: circuitName(parameters),
    parameters,
    tag: deriveTag(parameters),
  })),
  secret: new Uint8Array(32).fill(7),
  snapshot: {
    accountCount,
    totals: equity.map((sum, asset) => ({ asset: `A${asset}`, equity: String(sum), debt: '0' })),
  },
  prices: new Array(assets).fill({ full: 20_000n, collateral: 10_000n }),
  onAccount: () => undefined,
});
process.stdout.write(String(process.resourceUsage().maxRSS));
