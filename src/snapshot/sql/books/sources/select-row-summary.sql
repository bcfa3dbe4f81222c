-- How many rows a source has, and those up to the instant.
SELECT
  count(*) AS row_count,
  count_if(counted) AS counted,
  count_if(NOT sound) AS faulty,
  min(at_ns) FILTER (counted) AS first_at_ns,
  max(at_ns) FILTER (counted) AS last_at_ns
FROM {{rows}}
