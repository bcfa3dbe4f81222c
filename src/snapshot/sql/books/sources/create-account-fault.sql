-- A user's account says whose it is, unless no account does: then each account id is its user's id.
CREATE MACRO account_fault(class, user_id, users_are_stated) AS
  CASE
    WHEN class = 'user' AND users_are_stated AND user_id IS NULL
      THEN {'column_name': 'user_id', 'code': 'value-missing'}
  END
