-- The rows of a source that DuckDB does not read itself, as text, each with the number of its file and its line.
CREATE TABLE {{table}} (
  part INTEGER NOT NULL,
  line UBIGINT NOT NULL,
  {{columns}}
)
