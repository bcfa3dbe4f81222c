-- Balances from which the ledger starts; none is 0.
CREATE TABLE opening_balance (
  account VARCHAR NOT NULL,
  asset_index INTEGER NOT NULL,
  amount DECIMAL(38, 18) NOT NULL
)
