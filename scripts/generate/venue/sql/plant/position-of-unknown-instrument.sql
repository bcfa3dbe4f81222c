-- A position is in an instrument that is not described.
DELETE FROM instruments
WHERE instrument = (SELECT min(instrument) FROM positions)
RETURNING NULL::VARCHAR AS account, NULL::VARCHAR AS asset, instrument
