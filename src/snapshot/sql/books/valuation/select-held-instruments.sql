-- The terms of the instruments that users have open positions in.
SELECT instrument, kind, underlying, settlement_index, contract_size, style, strike, expiry_ns, option_right
FROM instrument
SEMI JOIN held_instrument USING (instrument)
ORDER BY instrument
