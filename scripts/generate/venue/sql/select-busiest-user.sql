-- The user with the most to itemise: one who owes what their account has none of, with the most different kinds of rows,
-- and among those the most rows up to a dozen.
WITH kinds AS (
  SELECT account, 'account' AS kind FROM accounts
  UNION ALL
  SELECT account, 'cash' AS kind FROM made_total
  UNION ALL
  SELECT account, if(margin_mode = 'isolated', 'isolated', if(kind = 'option', 'option', 'future')) AS kind
  FROM positions
  JOIN instruments USING (instrument)
  WHERE at_ns <= getvariable('instant_ns')
  UNION ALL
  SELECT account, 'debt' AS kind FROM loans ANTI JOIN made_total USING (account, asset) WHERE position_id IS NULL
  UNION ALL
  SELECT account, 'collateral' AS kind FROM collateral WHERE NOT in_cash
  UNION ALL
  SELECT account, 'settlement' AS kind FROM settlements WHERE NOT in_cash
)
SELECT user_id
FROM kinds
JOIN accounts USING (account)
WHERE user_id IS NOT NULL
GROUP BY user_id
ORDER BY bool_or(kind = 'debt') DESC, count(DISTINCT kind) DESC, least(count(*), 12) DESC, user_id
LIMIT 1
