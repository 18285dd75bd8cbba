//! 治理: what a lender has to do before and above the single loan. Streams of evidence of their own, folded like a journey.

pub mod review;
