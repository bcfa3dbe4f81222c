-- The user ids that are not plain: other than 1 to 256 printable ASCII characters without a space at either end.
SELECT DISTINCT user_id
FROM book_account
WHERE NOT regexp_full_match(user_id, '[!-~]([ -~]{0,254}[!-~])?')
