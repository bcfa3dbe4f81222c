-- What open orders hold, where the stated balances are without it. Elsewhere it is inside cash.
CREATE VIEW order_hold AS
SELECT account, asset_index, sum(reserved) AS amount
FROM open_order
WHERE getvariable('cash_from') = 'balances-available'
GROUP BY account, asset_index
