-- Every break that reconciliation finds. kind says between what; account, asset_index and instrument are null where the
-- break is not about one. first_differing is the reference of the first ledger row after which the two differ.
CREATE TABLE book_break (
  kind VARCHAR NOT NULL,
  account VARCHAR,
  asset_index INTEGER,
  instrument VARCHAR,
  expected DECIMAL(38, 18) NOT NULL,
  found DECIMAL(38, 18) NOT NULL,
  difference DECIMAL(38, 18) NOT NULL,
  first_differing VARCHAR
)
