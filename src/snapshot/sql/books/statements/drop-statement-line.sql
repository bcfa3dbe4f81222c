-- The lines take as much room as the components.
DROP TABLE statement_line
