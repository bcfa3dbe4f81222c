-- Every break, in the order in which breaks are listed.
SELECT
  kind,
  account,
  asset,
  instrument,
  break_decimal(expected) AS expected,
  break_decimal(found) AS found,
  break_decimal(difference) AS difference,
  first_differing
FROM listed_break
