-- The signed components of what an account is worth, one line of a statement each. bucket is cross or the id of an
-- isolated position. value_units counts proof units and is rounded up, in the account's favour; rounding is what that
-- added, in units of 10^-30 of a proof unit, rounded down. Quantity and prices are null where there are none; the entry
-- price of a position is in the same asset as its price.
CREATE TABLE component (
  account VARCHAR NOT NULL,
  bucket VARCHAR NOT NULL,
  asset_index INTEGER NOT NULL,
  kind VARCHAR NOT NULL,
  reference VARCHAR NOT NULL,
  instrument VARCHAR,
  quantity DECIMAL(38, 18),
  price VARCHAR,
  price_asset VARCHAR,
  price_source VARCHAR,
  price_at_ns BIGINT,
  entry_price VARCHAR,
  value_units HUGEINT NOT NULL,
  rounding HUGEINT NOT NULL
)
