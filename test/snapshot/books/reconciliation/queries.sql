-- What the tests of reconciliation ask of the tables.

-- name: create-ledger
-- A ledger as the sources give it.
CREATE TABLE ledger (
  account VARCHAR NOT NULL,
  asset_index INTEGER NOT NULL,
  amount DECIMAL(38, 18) NOT NULL,
  kind VARCHAR NOT NULL,
  at_ns BIGINT NOT NULL,
  reference VARCHAR NOT NULL,
  balance_after DECIMAL(38, 18)
)

-- name: read-breaks-parquet
-- breaks.parquet in the order in which it was written, its amounts as text.
SELECT * REPLACE (
  break_decimal(expected) AS expected,
  break_decimal(found) AS found,
  break_decimal(difference) AS difference
)
FROM read_parquet(getvariable('breaks_path'))

-- name: select-breaks
-- Every break, in the order in which breaks are listed.
SELECT
  kind,
  account,
  asset,
  instrument,
  break_decimal(expected) AS expected,
  break_decimal(found) AS found,
  break_decimal(difference) AS difference,
  first_differing
FROM listed_break

-- name: sum-ledger
-- The ledger summed, as the sources do it.
INSERT INTO ledger_sum
SELECT account, asset_index, sum(amount) AS amount
FROM ledger
GROUP BY account, asset_index
