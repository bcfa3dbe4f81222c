import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { AccountGenerator } from './accounts.js';
import { listMarket, MAX_MARKET_ASSETS } from './market.js';
import { SeededRandom } from './random.js';

export type ExchangeOptions = {
  /** Users to make; at least 1. */
  readonly users: number;
  /** 0 <= seed < 2^32; the same seed makes the same files. */
  readonly seed: number;
  /** Assets of the market, 1 to 64; 16 by default, as many as the `small` profile has. */
  readonly assets?: number;
  /** Where balances.csv and assets.csv go; made if it is not there. */
  readonly directory: string;
};

/** Where a made-up exchange is, and what is in it. */
export type GeneratedExchange = {
  readonly balancesPath: string;
  readonly assetsPath: string;
  readonly quote: 'USD';
  readonly userCount: number;
  readonly rowCount: number;
  readonly debtorCount: number;
};

const DEFAULT_ASSETS = 16;
const CHUNK_USERS = 1000;

/**
 * Writes the books of a made-up exchange, as a stream: balances with a heavy tail, a tenth of the users in debt and
 * none of them under water, prices and haircuts like a real market's.
 * @throws RangeError where an option is out of its range.
 */
export async function generateExchange(options: ExchangeOptions): Promise<GeneratedExchange> {
  const { users, seed, assets = DEFAULT_ASSETS, directory } = options;
  assertInteger('users', users, { least: 1, most: 2 ** 40 });
  assertInteger('seed', seed, { least: 0, most: 2 ** 32 - 1 });
  assertInteger('assets', assets, { least: 1, most: MAX_MARKET_ASSETS });
  const market = listMarket(assets);
  const accounts = new AccountGenerator(market, new SeededRandom(seed));
  const counts = { rowCount: 0, debtorCount: 0 };
  function* lines(): Generator<string> {
    yield 'user_id,asset,equity,debt\n';
    for (let done = 0; done < users; done += CHUNK_USERS) {
      let chunk = '';
      for (let user = done; user < Math.min(users, done + CHUNK_USERS); user++) {
        const { userId, rows } = accounts.next();
        for (const { asset, equity, debt } of rows) chunk += `${userId},${asset},${equity},${debt}\n`;
        counts.rowCount += rows.length;
        if (rows.some(({ debt }) => debt !== '0')) counts.debtorCount += 1;
      }
      yield chunk;
    }
  }
  await mkdir(directory, { recursive: true });
  const balancesPath = join(directory, 'balances.csv');
  const assetsPath = join(directory, 'assets.csv');
  const assetLines = market.map(
    ({ symbol, decimals, price, collateralRatio }) => `${symbol},${decimals},${price},${collateralRatio}\n`,
  );
  await writeFile(assetsPath, `symbol,decimals,price,collateral_ratio\n${assetLines.join('')}`);
  await pipeline(Readable.from(lines()), createWriteStream(balancesPath));
  return { balancesPath, assetsPath, quote: 'USD', userCount: users, ...counts };
}

function assertInteger(name: string, value: number, { least, most }: { least: number; most: number }): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new RangeError(`expected ${name} to be a whole number from ${least} to ${most}, got ${value}`);
}
