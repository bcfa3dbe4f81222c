-- The rows of one file whose user id the protocol does not take.
INSERT INTO source_problem
SELECT {{part}}, line, {{column_name}}, fault, NULL, NULL, NULL
FROM source_line
JOIN unusual_user ON stated = {{column}}
WHERE fault IS NOT NULL
