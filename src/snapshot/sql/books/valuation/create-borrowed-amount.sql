-- Loans and their interest, which the account owes, in the bucket of the isolated position that secures them.
CREATE VIEW borrowed_amount AS
WITH placed AS (
  SELECT loan.*, coalesce(isolated_position.position_id, 'cross') AS bucket
  FROM loan
  LEFT JOIN isolated_position USING (account, position_id)
)
SELECT account, bucket, asset_index, 'loan' AS kind, loan_id AS reference, -principal AS amount FROM placed
UNION ALL
SELECT account, bucket, asset_index, 'interest', loan_id, -interest FROM placed
