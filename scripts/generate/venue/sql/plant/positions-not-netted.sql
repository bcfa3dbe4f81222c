-- The desk has one contract more than it should, so that longs and shorts differ.
UPDATE positions
SET quantity = quantity + 1
WHERE position_id = (SELECT min(position_id) FROM positions WHERE account = 'platform-desk')
RETURNING NULL::VARCHAR AS account, NULL::VARCHAR AS asset, instrument
