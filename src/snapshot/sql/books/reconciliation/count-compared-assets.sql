-- The assets that accounts or the control accounts have.
SELECT count(*) AS compared
FROM (
  SELECT asset_index FROM control_balance
  UNION
  SELECT asset_index FROM book_amount
)
