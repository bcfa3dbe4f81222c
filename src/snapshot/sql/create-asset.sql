-- The assets of the price table, in the order of assets.csv. Prices are those of one proof unit, in units of
-- 10^-scale of the quote currency: full (q of the protocol) and after the collateral haircut (p).
CREATE TABLE asset (
  asset_index INTEGER NOT NULL,
  symbol VARCHAR NOT NULL,
  decimals INTEGER NOT NULL,
  collateral_price UBIGINT NOT NULL,
  full_price UBIGINT NOT NULL
)
