-- Marks of instruments as time series up to the instant: kind is mark, settlement, forward or volatility. price_asset is
-- the symbol of an asset or of the quote currency, null for volatility (1 is 100 % a year).
CREATE TABLE mark (
  instrument VARCHAR NOT NULL,
  kind VARCHAR NOT NULL,
  price DECIMAL(38, 18) NOT NULL,
  price_asset VARCHAR,
  at_ns BIGINT NOT NULL,
  source VARCHAR NOT NULL
)
