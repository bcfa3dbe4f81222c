-- The assets of the venue. step is one unit; the price is that of a whole one; ratio is the share of it that counts as
-- collateral.
CREATE TABLE made_asset (
  asset_index BIGINT NOT NULL,
  asset VARCHAR NOT NULL,
  decimals INTEGER NOT NULL,
  step DECIMAL(18, 18) NOT NULL,
  price_e12 HUGEINT NOT NULL,
  ratio_e4 BIGINT NOT NULL
)
