-- How many rows name an account that the source accounts does not list.
SELECT count(*) AS unknown FROM {{table}} ANTI JOIN book_account USING (account)
