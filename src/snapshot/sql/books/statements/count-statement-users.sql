-- How many users there are, which is the number of the last one.
SELECT count(*) AS row_count FROM statement_user
