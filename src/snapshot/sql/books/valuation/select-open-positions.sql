-- The open positions of users, each with its margin bucket.
SELECT
  account,
  if(margin_mode = 'isolated', position_id, 'cross') AS bucket,
  position_id,
  instrument,
  quantity,
  entry_price
FROM open_position
SEMI JOIN valued_account USING (account)
WHERE quantity <> 0
