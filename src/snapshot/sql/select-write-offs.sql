-- The debts that are dropped with the accounts under water, per asset.
SELECT symbol, sum(debt_units) AS debt
FROM holding
SEMI JOIN underwater_account USING (user_id)
JOIN asset USING (asset_index)
WHERE debt_units > 0
GROUP BY asset_index, symbol
ORDER BY asset_index
