-- The user ids that are not plain ASCII: the normal form that the protocol gives each, or the code of its refusal.
CREATE TABLE unusual_user (
  stated VARCHAR NOT NULL,
  user_id VARCHAR,
  fault VARCHAR
)
