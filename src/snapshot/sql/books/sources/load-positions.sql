-- Open positions; one with cross margin has no margin of its own.
INSERT INTO open_position
SELECT
  account,
  position_id,
  instrument,
  quantity,
  entry_price,
  margin_mode,
  if(margin_mode = 'isolated', margin, NULL),
  coalesce(margin_outside_cash, false)
FROM read_positions
WHERE counted
