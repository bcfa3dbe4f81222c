-- The ledger between two instants, for what is made of two snapshots.

-- name: create-ledger-period
-- The one scan of the ledger: the sums of its rows between the instants by account, asset and kind. What comes from
-- outside an account is also summed by the part of the period that it falls into, as returns weigh it by time. state is
-- 0 for these rows, 1 for those up to the first instant, 2 for those after the second, and 3 for faulty ones. Each of
-- the states 1 to 3 is one row.
CREATE TABLE ledger_period AS
WITH judged AS (
  SELECT
    *,
    CASE WHEN NOT sound THEN 3 WHEN NOT counted THEN 2 WHEN at_ns <= {{from}} THEN 1 ELSE 0 END AS state
  FROM read_ledger
), placed AS (
  SELECT
    state,
    if(state = 0, account, NULL) AS account,
    if(state = 0, asset, NULL) AS asset,
    if(state = 0, kind, NULL) AS kind,
    if(
      state = 0 AND kind IN ('deposit', 'withdrawal', 'transfer', 'adjustment'),
      (at_ns - {{from}} - 1) // {{slot_ns}},
      NULL
    ) AS slot,
    if(state = 0, amount, NULL) AS amount
  FROM judged
)
SELECT state, account, asset, kind, slot, sum(amount) AS amount, count(*) AS row_count
FROM placed
GROUP BY state, account, asset, kind, slot

-- name: select-ledger-period
-- How many rows the ledger has, those up to the second instant, and the faulty ones.
SELECT
  coalesce(sum(row_count), 0)::BIGINT AS row_count,
  coalesce(sum(row_count) FILTER (state < 2), 0)::BIGINT AS counted,
  coalesce(sum(row_count) FILTER (state = 3), 0)::BIGINT AS faulty
FROM ledger_period

-- name: create-ledger-step
-- Another scan of the ledger, for the accounts in a table: every row between the instants, summed by the part of the
-- period that it falls into. What comes from outside is summed apart.
CREATE TABLE ledger_step AS
SELECT
  account,
  asset,
  (at_ns - getvariable('from_ns') - 1) // getvariable('slot_ns') AS slot,
  coalesce(
    sum(amount) FILTER (kind IN ('deposit', 'withdrawal', 'transfer', 'adjustment')),
    0::DECIMAL(38, 18)
  )::DOUBLE AS flow,
  sum(amount)::DOUBLE AS change,
  count(*) FILTER (kind IN ('deposit', 'withdrawal', 'transfer', 'adjustment')) AS flow_count
FROM read_ledger
SEMI JOIN {{accounts}} USING (account)
WHERE sound AND counted AND at_ns > getvariable('from_ns')
GROUP BY ALL
