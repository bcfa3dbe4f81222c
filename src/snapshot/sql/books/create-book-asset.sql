-- The assets that the configuration lists, in its order, which is the order of asset indexes.
CREATE TABLE book_asset (
  asset_index INTEGER NOT NULL,
  symbol VARCHAR NOT NULL,
  decimals INTEGER NOT NULL
)
