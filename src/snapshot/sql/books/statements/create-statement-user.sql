-- Every user of the books, numbered in the order of their ids as UTF-8.
CREATE TABLE statement_user AS
SELECT user_id, (row_number() OVER (ORDER BY user_id))::INTEGER AS user_index
FROM (SELECT DISTINCT user_id FROM book_account WHERE class = 'user')
