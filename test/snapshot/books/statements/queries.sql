-- What the tests of statements ask of the tables.

-- name: insert-holdings
-- One proof unit of the first asset for each user but the last one, who has nothing.
CREATE TABLE holding AS
SELECT user_id, 0 AS asset_index, if(user_id = 'zoe', 0, 1)::UBIGINT AS equity_units, 0::UBIGINT AS debt_units
FROM book_account
WHERE class = 'user'
UNION ALL
SELECT 'ann', 2, 0::UBIGINT, 5::UBIGINT

-- name: select-hashes
-- The hash of each user's statement, as text.
SELECT user_id, lower(hex(hash)) AS hash
FROM statement
ORDER BY user_id
