-- An account owes far more than it has.
INSERT INTO loans
SELECT account, 'N-planted', 'BTC', 100000000, 0, NULL, NULL, getvariable('instant_ns') - 1
FROM plant_row
RETURNING account, asset, NULL::VARCHAR AS instrument
