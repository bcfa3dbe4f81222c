-- Every amount that says what an account has of an asset, on its side of the books: recorded by the ledger from its
-- opening on, or stated. What open orders hold is stated apart where balances are without it.
CREATE VIEW book_amount AS
SELECT account, asset_index, amount AS recorded, 0::DECIMAL(38, 18) AS stated
FROM opening_balance
UNION ALL
SELECT account, asset_index, amount AS recorded, 0::DECIMAL(38, 18) AS stated
FROM ledger_sum
UNION ALL
SELECT account, asset_index, 0::DECIMAL(38, 18) AS recorded, amount AS stated
FROM stated_balance
UNION ALL
SELECT account, asset_index, 0::DECIMAL(38, 18) AS recorded, reserved AS stated
FROM open_order
WHERE getvariable('holds_outside_balances')
