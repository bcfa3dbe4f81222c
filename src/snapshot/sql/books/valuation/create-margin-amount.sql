-- The margin of an isolated position is in its bucket, and taken out of the cross account where cash still has it.
CREATE VIEW margin_amount AS
WITH margined AS (
  SELECT account, position_id, settlement_index AS asset_index, margin, margin_outside_cash
  FROM open_position
  JOIN instrument USING (instrument)
  WHERE margin_mode = 'isolated'
)
SELECT account, position_id AS bucket, asset_index, 'isolated-margin' AS kind, position_id AS reference, margin AS amount
FROM margined
UNION ALL
SELECT account, 'cross', asset_index, 'isolated-margin', position_id, -margin
FROM margined
WHERE NOT margin_outside_cash
