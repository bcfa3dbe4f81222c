-- breaks.parquet in the order in which it was written, its amounts as text.
SELECT * REPLACE (
  break_decimal(expected) AS expected,
  break_decimal(found) AS found,
  break_decimal(difference) AS difference
)
FROM read_parquet(getvariable('breaks_path'))
