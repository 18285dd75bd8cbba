//! Whole materials, good and bad, and anything at all.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod materials;
mod robust;
