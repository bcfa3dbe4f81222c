-- Every signed component that the books state as an amount, each counted once. What cash has already is left out.
CREATE VIEW stated_component AS
SELECT account, 'cross' AS bucket, asset_index, 'cash' AS kind, '' AS reference, amount FROM cash
UNION ALL
SELECT account, 'cross', asset_index, 'open-orders', '', amount FROM order_hold
UNION ALL
SELECT account, 'cross', asset_index, 'collateral-posted', reference, amount
FROM collateral
WHERE direction = 'posted' AND NOT in_cash
UNION ALL
SELECT account, 'cross', asset_index, 'collateral-received', reference, -amount
FROM collateral
WHERE direction = 'received' AND NOT in_cash
UNION ALL
SELECT account, bucket, asset_index, kind, reference, amount FROM borrowed_amount
UNION ALL
SELECT account, bucket, asset_index, kind, reference, amount FROM unsettled_amount
UNION ALL
SELECT account, bucket, asset_index, kind, reference, amount FROM margin_amount
