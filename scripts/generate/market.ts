import type { PricedAsset } from '../../src/protocol/index.js';

/** An asset of the made-up market; `weight` is how often it is held, against the others. */
export type MarketAsset = PricedAsset & { readonly weight: number };

/**
 * Assets in the order of how widely they are held: symbol, decimals of the unit, price in USD, collateral ratio, weight.
 * Prices and haircuts are like those of a real market; meme and young tokens count for little or nothing.
 */
const LISTING = `
BTC 8 97250.5 0.95 300
ETH 8 3412.75 0.94 260
USDT 6 0.9998 0.98 280
USDC 6 1 0.98 160
SOL 8 212.4 0.88 150
XRP 6 2.315 0.85 120
DOGE 8 0.38142 0.75 110
BNB 8 664.2 0.88 90
ADA 6 0.9127 0.8 80
TRX 6 0.2514 0.8 60
AVAX 8 41.83 0.8 55
LINK 8 23.61 0.8 55
LTC 8 114.9 0.85 50
DOT 8 7.402 0.78 45
BCH 8 452.6 0.8 30
ATOM 6 6.713 0.7 30
SHIB 2 0.00002241 0.5 70
PEPE 2 0.00001892 0.3 60
EUR 2 1.0391 0.98 60
UNI 8 14.05 0.7 30
NEAR 8 5.484 0.7 30
APT 8 9.27 0.65 25
ARB 8 0.8123 0.65 30
OP 8 1.904 0.65 25
SUI 8 4.511 0.65 30
TON 8 5.52 0.7 30
XLM 7 0.3641 0.75 25
HBAR 8 0.2877 0.65 20
ICP 8 10.62 0.6 20
ETC 8 27.05 0.7 20
FIL 8 5.218 0.6 20
XMR 8 192.3 0.6 15
AAVE 8 331.7 0.7 20
MKR 8 1541 0.65 10
GBP 2 1.2537 0.98 20
DAI 8 1.0001 0.95 20
INJ 8 21.14 0.6 15
RNDR 8 7.12 0.5 15
GRT 8 0.2133 0.5 15
ALGO 6 0.3412 0.6 20
VET 8 0.04561 0.55 15
FTM 8 0.9271 0.5 15
SAND 8 0.5834 0.45 15
MANA 8 0.4971 0.45 15
AXS 8 6.41 0.45 10
IMX 8 1.372 0.45 10
STX 8 1.611 0.5 10
TIA 8 5.02 0.45 10
SEI 8 0.4418 0.4 10
WIF 6 1.914 0.25 15
BONK 2 0.00003127 0.25 20
FLOKI 2 0.0001784 0.2 15
ENA 8 1.032 0.3 10
JUP 6 0.8471 0.35 10
PYTH 6 0.3791 0.35 8
LDO 8 1.843 0.45 8
CRV 8 0.9644 0.4 8
SNX 8 2.071 0.4 6
COMP 8 78.4 0.5 6
YFI 8 8231 0.45 4
ZEC 8 57.12 0.45 6
DASH 8 38.9 0.45 6
NEWT 8 0.0713 0 6
BRETT 8 0.1402 0 6
`;

/** The largest market there is: as many assets as a listing may have. */
export const MAX_MARKET_ASSETS = 1024;
/** Of those, the assets that are like real ones; the others are the same again, less widely held. */
export const LISTED_MARKET_ASSETS = 64;
const LEAST_WEIGHT = 4;

const MARKET: readonly MarketAsset[] = LISTING.trim()
  .split('\n')
  .map((line) => {
    const [symbol, decimals, price, collateralRatio, weight] = line.split(' ') as [
      string,
      string,
      string,
      string,
      string,
    ];
    return { symbol, decimals: Number(decimals), price, collateralRatio, weight: Number(weight) };
  });

/** The `count` most widely held assets; 1 <= count <= 1,024. Prices are in USD. */
export function listMarket(count: number): readonly MarketAsset[] {
  return Array.from({ length: count }, (_, index) => {
    const asset = MARKET[index % LISTED_MARKET_ASSETS]!;
    const turn = Math.floor(index / LISTED_MARKET_ASSETS);
    return turn === 0 ? asset : { ...asset, symbol: `${asset.symbol}${turn}`, weight: LEAST_WEIGHT };
  });
}
