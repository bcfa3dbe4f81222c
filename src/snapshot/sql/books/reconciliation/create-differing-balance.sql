-- The accounts and assets whose recorded amounts are not the stated ones. One that a side does not name is 0 there.
CREATE TABLE differing_balance AS
SELECT account, asset_index, sum(recorded) AS recorded, sum(stated) AS stated
FROM book_amount
GROUP BY account, asset_index
HAVING sum(recorded) <> sum(stated)
