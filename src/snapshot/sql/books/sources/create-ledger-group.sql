-- The one scan of the ledger: its sums, and by state what counts (0), what is later than the instant (1) and what is
-- faulty (2).
CREATE TABLE ledger_group AS
SELECT
  account,
  asset,
  CASE WHEN counted THEN 0 WHEN sound THEN 1 ELSE 2 END AS state,
  sum(amount) AS amount,
  count(*) AS row_count,
  min(at_ns) AS first_at_ns,
  max(at_ns) AS last_at_ns
FROM read_ledger
GROUP BY account, asset, state
