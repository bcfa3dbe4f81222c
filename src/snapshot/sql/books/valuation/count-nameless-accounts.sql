-- Accounts of users that do not say of which user.
SELECT count(*) AS account_count FROM valued_account WHERE user_id IS NULL
