-- Accounts that are not users' belong to nobody whose liability is proven.
INSERT INTO book_account
SELECT account, if(class = 'user', coalesce(user_id, account), NULL), class
FROM read_accounts
WHERE counted
