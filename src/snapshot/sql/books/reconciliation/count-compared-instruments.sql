-- The instruments with open positions whose longs must equal their shorts.
SELECT count(DISTINCT instrument) AS compared
FROM open_position
SEMI JOIN (SELECT instrument FROM instrument WHERE netted) AS netted_instrument USING (instrument)
