-- The pairs of account and asset that either side names, and how many of them are not the same on both sides.
WITH balance AS (
  SELECT sum(recorded) = sum(stated) AS agrees
  FROM book_amount
  GROUP BY account, asset_index
)
SELECT count(*) AS compared, count(*) FILTER (NOT agrees) AS differing
FROM balance
