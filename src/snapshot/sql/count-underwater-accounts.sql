SELECT count(*) AS account_count FROM underwater_account
