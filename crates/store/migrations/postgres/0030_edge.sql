-- The tree's right edge, see 0030_edge.md.
ALTER TABLE tree ADD COLUMN edge BYTEA;
