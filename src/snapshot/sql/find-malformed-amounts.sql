-- Every amount must be a decimal that is not negative.
INSERT INTO problem
SELECT
  line,
  column_name,
  if(starts_with(stated, '-') AND is_decimal(stated[2:]), 'amount-negative', 'amount-malformed'),
  NULL
FROM amount
WHERE NOT is_decimal(stated)
