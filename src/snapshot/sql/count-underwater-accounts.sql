-- All accounts under water, listed or not.
SELECT count(*) AS account_count FROM underwater_account
