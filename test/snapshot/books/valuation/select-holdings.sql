-- All holdings, by user and asset.
SELECT user_id, asset_index, equity_units, debt_units, equity_rounding, debt_rounding
FROM holding
ORDER BY user_id, asset_index
