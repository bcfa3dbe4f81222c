-- The desk is the other side of all positions in the netted instruments.
INSERT INTO positions
SELECT
  'platform-desk' AS account,
  'desk-' || instrument AS position_id,
  instrument,
  -sum(quantity) AS quantity,
  amount(any_value(entry_e8), 0.00000001::DECIMAL(18, 18)) AS entry_price,
  'cross' AS margin_mode,
  NULL AS margin,
  false AS margin_outside_cash,
  getvariable('instant_ns') - 1000000000 AS at_ns
FROM positions
JOIN made_instrument USING (instrument)
WHERE netted AND at_ns <= getvariable('instant_ns')
GROUP BY instrument
