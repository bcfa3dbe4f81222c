-- The hash of each user's statement, as text.
SELECT user_id, lower(hex(hash)) AS hash
FROM statement
ORDER BY user_id
