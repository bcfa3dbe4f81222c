-- Which user an account belongs to. class is user, house, insurance or fee; user_id is null for all but user.
CREATE TABLE book_account (
  account VARCHAR NOT NULL,
  user_id VARCHAR,
  class VARCHAR NOT NULL
)
