-- What accounts have borrowed: principal and accrued interest, neither negative. secured_by names what secures it, in
-- words or as the id of an isolated position (position_id), to whose margin bucket it then belongs.
CREATE TABLE loan (
  account VARCHAR NOT NULL,
  loan_id VARCHAR NOT NULL,
  asset_index INTEGER NOT NULL,
  principal DECIMAL(38, 18) NOT NULL,
  interest DECIMAL(38, 18) NOT NULL,
  secured_by VARCHAR,
  position_id VARCHAR
)
