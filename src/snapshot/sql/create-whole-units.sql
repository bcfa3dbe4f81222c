-- The whole proof units of a decimal: floor(stated · 10^decimals), from its digits alone. Null beyond 10^38.
CREATE MACRO whole_units(stated, decimals) AS
  try_cast(
    split_part(stated, '.', 1) || rpad(left(split_part(stated, '.', 2), decimals), decimals, '0')
    AS HUGEINT
  )
