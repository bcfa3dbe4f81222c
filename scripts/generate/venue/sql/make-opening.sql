-- The source `opening`; the insurance fund has been there all along.
CREATE TABLE opening AS
SELECT account, asset, amount(opening_units, step) AS amount
FROM made_cash
JOIN made_account USING (number)
JOIN made_asset USING (asset_index)
WHERE opening_units > 0
UNION ALL
SELECT 'platform-insurance', asset, 250000::DECIMAL(38, 18)
FROM made_asset
WHERE asset IN ('USDT', 'USDC')
