-- The rows that were put into a table of text.
CREATE VIEW {{view}} AS
SELECT {{columns}} FROM {{table}}
