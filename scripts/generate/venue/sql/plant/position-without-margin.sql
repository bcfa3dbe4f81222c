-- An isolated position has no margin.
UPDATE positions
SET margin = NULL
WHERE position_id = (
  SELECT min(position_id)
  FROM positions
  WHERE margin_mode = 'isolated' AND at_ns <= getvariable('instant_ns')
)
RETURNING account, NULL::VARCHAR AS asset, instrument
