-- What is not settled into cash yet, in the bucket of the isolated position that it belongs to, if that is still open.
CREATE VIEW unsettled_amount AS
SELECT
  settlement.account,
  coalesce(isolated_position.position_id, 'cross') AS bucket,
  asset_index,
  CASE kind
    WHEN 'withdrawal' THEN 'withdrawal-in-flight'
    WHEN 'deposit' THEN 'deposit-in-flight'
    ELSE kind
  END AS kind,
  reference,
  amount
FROM settlement
LEFT JOIN isolated_position USING (account, position_id)
WHERE NOT in_cash
