-- Accounts of users: every tenth belongs to the user of the account before it. Wealth is in millionths of the quote
-- currency: 50 to 100 at first, doubled again and again with three chances in five, which gives a heavy tail.
CREATE TABLE made_account AS
SELECT
  number,
  'A' || lpad(number::VARCHAR, 8, '0') AS account,
  number - (number + 1) // 10 AS user_number,
  draw_between('wealth', number, 50000000, 100000000)
  << len(list_filter(getvariable('doubling_thresholds'), threshold -> draw('doubling', number, 1048576) < threshold))
    AS wealth_micros,
  CASE
    WHEN draw('empty', number, 200) = 0 THEN 0
    WHEN chance('few', number, 60) THEN draw_between('one-or-two', number, 1, 2)
    WHEN chance('some', number, 85) THEN draw_between('three-or-four', number, 3, 4)
    ELSE draw_between('many', number, 5, 12)
  END AS asset_slots
FROM range(getvariable('account_count')) AS made (number)
