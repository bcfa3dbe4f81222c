import { parseArgs } from 'node:util';

import { generateExchange } from './exchange.js';

const USAGE = 'usage: node dist/scripts/generate/main.js --users N --seed N --out DIR [--assets N]';

/** Writes the books of a made-up exchange to a directory. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      users: { type: 'string' },
      seed: { type: 'string' },
      out: { type: 'string' },
      assets: { type: 'string', default: '16' },
    },
  });
  const { users, seed, out, assets } = values;
  if (users === undefined || seed === undefined || out === undefined)
    throw new TypeError('expected --users, --seed and --out');
  const made = await generateExchange({
    users: Number(users),
    seed: Number(seed),
    assets: Number(assets),
    directory: out,
  });
  console.log(`${made.userCount} users, ${made.debtorCount} of them in debt, ${made.rowCount} rows`);
  console.log(made.balancesPath);
  console.log(made.assetsPath);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
  console.error(`${error.message}\n${USAGE}`);
  process.exitCode = 2;
}
