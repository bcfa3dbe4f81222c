-- The rows of a list of accepted breaks, as they are written, each with its line in the file.
CREATE TABLE accepted_break (
  line UBIGINT NOT NULL,
  kind VARCHAR NOT NULL,
  account VARCHAR NOT NULL,
  asset VARCHAR NOT NULL,
  instrument VARCHAR NOT NULL,
  expected VARCHAR NOT NULL,
  found VARCHAR NOT NULL
)
