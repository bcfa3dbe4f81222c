-- Every amount of balances.csv by itself, as it is written.
CREATE VIEW amount AS
SELECT line, asset, 'equity' AS column_name, equity AS stated FROM balance
UNION ALL
SELECT line, asset, 'debt' AS column_name, debt AS stated FROM balance
