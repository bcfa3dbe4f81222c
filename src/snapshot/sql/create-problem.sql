-- What is wrong in balances.csv. first_line is the other of two lines that exclude each other.
CREATE TABLE problem (
  line UBIGINT NOT NULL,
  column_name VARCHAR NOT NULL,
  code VARCHAR NOT NULL,
  first_line UBIGINT
)
