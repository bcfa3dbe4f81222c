-- The kinds of components, in the order of the closed list of the protocol.
CREATE TABLE component_kind (
  kind VARCHAR NOT NULL,
  kind_index INTEGER NOT NULL
)
