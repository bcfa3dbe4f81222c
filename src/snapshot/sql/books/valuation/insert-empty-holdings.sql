-- A user with nothing is a user too: one row of nothing, in the first asset.
INSERT INTO holding
SELECT DISTINCT 0, user_id, 0, 0, 0, 0, 0
FROM valued_account
ANTI JOIN holding USING (user_id)
