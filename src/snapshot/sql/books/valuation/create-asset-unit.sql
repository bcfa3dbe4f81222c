-- How amounts with 18 digits behind the point become proof units: a whole one is `unit` of them, and 10^-18 of a whole one
-- is 1/cut or `fine` of them, whichever is a whole number. What is cut off is counted in `cut_unit`, so that it is in
-- units of 10^-30 of a proof unit. No amount comes near `cap` whole ones, so that nothing that is counted overflows.
CREATE TABLE asset_unit AS
SELECT
  asset_index,
  rpad('1', 1 + decimals, '0')::HUGEINT AS unit,
  rpad('1', 1 + greatest(18 - decimals, 0), '0')::BIGINT AS cut,
  rpad('1', 1 + greatest(decimals - 18, 0), '0')::HUGEINT AS fine,
  rpad('1', 13 + decimals, '0')::HUGEINT AS cut_unit,
  rpad('1', 29 - decimals, '0')::HUGEINT AS cap
FROM book_asset
