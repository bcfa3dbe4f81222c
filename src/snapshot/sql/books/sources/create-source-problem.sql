-- What is wrong with the rows of a source. key names the row where it has no line, and first where the row is that it
-- doubles.
CREATE OR REPLACE TABLE source_problem (
  part INTEGER NOT NULL,
  line UBIGINT NOT NULL,
  column_name VARCHAR NOT NULL,
  code VARCHAR NOT NULL,
  key VARCHAR,
  first_part INTEGER,
  first_line UBIGINT
)
