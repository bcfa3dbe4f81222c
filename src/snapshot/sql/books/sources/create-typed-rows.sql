-- The values of a source's rows. A row is sound where nothing is wrong with it by itself, and counts where it is also
-- not later than the instant.
CREATE VIEW {{view}} AS
WITH read AS (
  SELECT {{values}}, {{values_sound}} AS values_sound FROM {{rows}}
), judged AS (
  SELECT * EXCLUDE (values_sound), values_sound AND ({{row_fault}}) IS NULL AS sound FROM read
)
SELECT *, sound AND coalesce(at_ns <= {{instant}}, true) AS counted FROM judged
