-- Puts the normal form of user ids in the place of those that are stated.
UPDATE book_account
SET user_id = unusual_user.user_id
FROM unusual_user
WHERE stated = book_account.user_id
