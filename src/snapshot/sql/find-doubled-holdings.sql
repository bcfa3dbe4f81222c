-- A user has one row for each asset: every further one is named with the line of the first.
INSERT INTO problem
WITH doubled AS (
  SELECT user_id, asset, min(line) AS first_line
  FROM balance
  WHERE user_id IS NOT NULL
  GROUP BY user_id, asset
  HAVING count(*) > 1
)
SELECT line, 'asset', 'holding-doubled', first_line
FROM balance
JOIN doubled USING (user_id, asset)
WHERE line > first_line
