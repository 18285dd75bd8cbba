//! 学 learn: what the public is taught, and what came of it. How figures are computed is the measuring engine's (`mingbai-learn`); here is
//! what may be put on record.

pub mod campaign;
