-- The rows of one file that were put into a table of text.
CREATE OR REPLACE VIEW source_line AS
SELECT line, {{columns}}
FROM {{table}}
WHERE part = {{part}}
