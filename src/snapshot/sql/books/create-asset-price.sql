-- Prices of whole assets in the quote currency, as time series up to the instant.
CREATE TABLE asset_price (
  asset_index INTEGER NOT NULL,
  price DECIMAL(38, 18) NOT NULL,
  at_ns BIGINT NOT NULL,
  source VARCHAR NOT NULL
)
