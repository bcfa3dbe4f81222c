-- The ledger up to the instant, summed.
CREATE TABLE ledger_sum (
  account VARCHAR NOT NULL,
  asset_index INTEGER NOT NULL,
  amount DECIMAL(38, 18) NOT NULL
)
