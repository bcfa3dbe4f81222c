-- Everything that is wrong with the rows of one file.
INSERT INTO source_problem
WITH read AS (
  SELECT line, {{key}} AS row_key, {{values}}, {{faults}} AS value_faults FROM source_line
), judged AS (
  SELECT line, row_key, list_filter(list_append(value_faults, {{row_fault}}), fault -> fault.code IS NOT NULL) AS faults
  FROM read
), found AS (
  SELECT line, row_key, unnest(faults) AS fault FROM judged WHERE len(faults) > 0
)
SELECT {{part}}, line, fault.column_name, fault.code, row_key, NULL, NULL FROM found
