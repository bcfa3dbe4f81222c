-- The places of doubled primary keys in one file.
INSERT INTO doubled_place
WITH read AS (
  SELECT line, {{row_key}} AS row_key, {{values}} FROM source_line
)
SELECT {{part}}, line, row_key, {{key}}
FROM read
SEMI JOIN doubled_key USING ({{key}})
WHERE coalesce(at_ns <= {{instant}}, true)
