-- The instruments that users have open positions in.
CREATE TABLE held_instrument AS
SELECT DISTINCT instrument
FROM open_position
SEMI JOIN valued_account USING (account)
WHERE quantity <> 0
