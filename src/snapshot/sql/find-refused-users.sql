-- A user id must be one that the protocol takes.
INSERT INTO problem
SELECT line, 'user_id', fault, NULL
FROM balance_row
JOIN unusual_user ON stated = balance_row.user_id
WHERE fault IS NOT NULL
