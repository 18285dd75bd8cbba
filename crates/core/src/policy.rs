//! Law is data: dated policy packs with clauses, sources and grades (DESIGN law 8).
