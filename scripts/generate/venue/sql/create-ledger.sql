-- The source `ledger`.
CREATE TABLE ledger (
  account VARCHAR NOT NULL,
  asset VARCHAR NOT NULL,
  amount DECIMAL(38, 18) NOT NULL,
  kind VARCHAR NOT NULL,
  at_ns BIGINT NOT NULL,
  reference VARCHAR NOT NULL,
  balance_after DECIMAL(38, 18)
)
