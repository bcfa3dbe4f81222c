-- An account under water keeps its equity and loses its debt: that can only overstate what the platform owes.
UPDATE holding
SET debt_units = 0
WHERE user_id IN (SELECT user_id FROM underwater_account)
