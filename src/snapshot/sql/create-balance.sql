-- Each row of balances.csv under the user id that is proven, which is null where the stated id is refused.
CREATE VIEW balance AS
SELECT
  line,
  CASE WHEN stated IS NULL THEN balance_row.user_id ELSE unusual_user.user_id END AS user_id,
  asset,
  equity,
  if(debt = '', '0', debt) AS debt
FROM balance_row
LEFT JOIN unusual_user ON stated = balance_row.user_id
