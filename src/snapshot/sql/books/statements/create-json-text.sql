-- A text as canonical JSON writes it, null where there is none. Statements have no control characters, so a quote and a
-- backslash are all that is escaped (RFC 8785, 3.2.2.2).
CREATE MACRO json_text(value) AS CASE
  WHEN value IS NULL THEN 'null'
  WHEN contains(value, '"') OR contains(value, '\')
    THEN concat('"', replace(replace(value, '\', '\\'), '"', '\"'), '"')
  ELSE concat('"', value, '"')
END
