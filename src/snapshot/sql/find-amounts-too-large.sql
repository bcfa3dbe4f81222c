-- Every amount must be below 2^64 proof units, after rounding.
INSERT INTO problem
WITH counted AS (
  SELECT
    line,
    column_name,
    if(column_name = 'equity', equity_units(stated, decimals), debt_units(stated, decimals)) AS units
  FROM amount
  JOIN asset ON symbol = asset
  WHERE is_decimal(stated)
)
SELECT line, column_name, 'amount-too-large', NULL
FROM counted
WHERE coalesce(units > 18446744073709551615, true)
