-- The source `accounts`. User ids are like addresses, and no two users have the same, whatever their names.
CREATE TABLE accounts AS
SELECT
  account,
  pick('first', user_number, getvariable('first_names')) || '.'
  || pick('last', user_number, getvariable('last_names')) || '.'
  || lower(to_base(user_number + 1, 36)) || '@'
  || pick('domain', user_number, getvariable('domains')) AS user_id,
  'user' AS class
FROM made_account
UNION ALL
VALUES
  ('platform-desk', NULL, 'house'),
  ('platform-insurance', NULL, 'insurance'),
  ('platform-fees', NULL, 'fee')
