//! Whole materials, good and bad, and anything at all.

mod materials;
mod robust;
