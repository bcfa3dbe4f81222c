-- breaks.csv: amounts in their canonical form, nothing where a break is not about an account, asset or instrument.
COPY (
  SELECT * REPLACE (
    break_decimal(expected) AS expected,
    break_decimal(found) AS found,
    break_decimal(difference) AS difference
  )
  FROM listed_break
) TO (getvariable('breaks_path')) (
  FORMAT csv,
  HEADER true,
  DELIMITER ',',
  QUOTE '"',
  ESCAPE '"',
  NULLSTR '',
  USE_TMP_FILE false
)
