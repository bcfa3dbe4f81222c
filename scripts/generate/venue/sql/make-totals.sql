-- All cash of each account and asset at the instant, which the sums of the ledger lead to.
CREATE TABLE made_total AS
SELECT account, asset, amount(units, step) AS amount
FROM made_cash
JOIN made_account USING (number)
JOIN made_asset USING (asset_index)
UNION ALL
SELECT account, asset, sum(amount)::DECIMAL(38, 18)
FROM ledger
WHERE starts_with(account, 'platform-')
GROUP BY account, asset
UNION ALL
SELECT account, asset, amount
FROM opening
WHERE account = 'platform-insurance'
