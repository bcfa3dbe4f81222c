-- The prices of an asset end half an hour before the instant.
DELETE FROM prices
WHERE
  asset = (SELECT asset FROM plant_row)
  AND at_ns BETWEEN getvariable('instant_ns') - 1800000000000 AND getvariable('instant_ns')
RETURNING NULL::VARCHAR AS account, asset, NULL::VARCHAR AS instrument
