-- The source `control`.
CREATE TABLE control AS
SELECT asset, sum(amount)::DECIMAL(38, 18) AS amount
FROM made_total
GROUP BY asset
