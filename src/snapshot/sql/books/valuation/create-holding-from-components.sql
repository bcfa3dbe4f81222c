-- What each user holds and owes in each asset: positive buckets of all their accounts add up to equity, negative ones to
-- debt. Null is 2^64 proof units or more.
CREATE TABLE holding AS
SELECT
  0::UBIGINT AS line,
  user_id,
  asset_index,
  try_cast(sum(greatest(units, 0)) AS UBIGINT) AS equity_units,
  try_cast(sum(greatest(-units, 0)) AS UBIGINT) AS debt_units,
  sum(if(units > 0, rounding, 0)) AS equity_rounding,
  sum(if(units > 0, 0, rounding)) AS debt_rounding
FROM bucket_net
JOIN valued_account USING (account)
GROUP BY user_id, asset_index
