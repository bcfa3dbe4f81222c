-- Only what belongs to users is valued: the house's own, insurance and fee accounts are owed to nobody else.
CREATE VIEW valued_account AS
SELECT account, user_id FROM book_account WHERE class = 'user'
