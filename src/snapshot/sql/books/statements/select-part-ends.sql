-- The last user of each part that is written at once: a part has about 130 thousand lines, and all of each of its users.
SELECT DISTINCT user_index
FROM statement_line
WHERE rowid % 131072 = 131071
ORDER BY user_index
