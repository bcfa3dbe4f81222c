-- Every user of the source is an account; a holding is an asset that is held or owed.
SELECT
  (SELECT count(*) FROM (SELECT DISTINCT user_id FROM holding)) AS account_count,
  (SELECT count(*) FROM holding WHERE equity_units > 0 OR debt_units > 0) AS holding_count
