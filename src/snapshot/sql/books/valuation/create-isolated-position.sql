-- Positions with a margin bucket of their own.
CREATE VIEW isolated_position AS
SELECT account, position_id FROM open_position WHERE margin_mode = 'isolated'
