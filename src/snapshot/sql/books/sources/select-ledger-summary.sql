-- How many rows the ledger has, and those up to the instant.
SELECT
  coalesce(sum(row_count), 0)::BIGINT AS row_count,
  coalesce(sum(row_count) FILTER (state = 0), 0)::BIGINT AS counted,
  coalesce(sum(row_count) FILTER (state = 2), 0)::BIGINT AS faulty,
  min(first_at_ns) FILTER (state = 0) AS first_at_ns,
  max(last_at_ns) FILTER (state = 0) AS last_at_ns
FROM ledger_group
