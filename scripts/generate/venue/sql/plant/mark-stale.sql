-- The marks of a future end half an hour before the instant.
DELETE FROM marks
WHERE
  instrument = (SELECT instrument FROM plant_future)
  AND at_ns BETWEEN getvariable('instant_ns') - 1800000000000 AND getvariable('instant_ns')
RETURNING NULL::VARCHAR AS account, NULL::VARCHAR AS asset, instrument
