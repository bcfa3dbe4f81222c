-- A future that users hold at the instant and that has not expired.
CREATE TEMP TABLE plant_future AS
SELECT instrument
FROM positions
JOIN instruments USING (instrument)
WHERE
  kind <> 'option'
  AND coalesce(expiry_ns, getvariable('instant_ns') + 1) > getvariable('instant_ns')
  AND at_ns <= getvariable('instant_ns')
ORDER BY instrument
LIMIT 1
