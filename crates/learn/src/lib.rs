//! What people know, and what teaching changed: the measuring engine of the learn room.
//!
//! [`irt`] scores answers and [`adaptive`] chooses the next question; [`calibrate`] estimates the questions themselves from many answers,
//! [`fit`] and [`dif`] say which questions not to trust, [`link`] puts two forms on one scale. [`uplift`] says what an event changed, or that
//! there is not enough to tell; [`power`] says beforehand how many people that takes; [`signal`] tells skill from mere suspicion.
//! [`attendance`] counts people under rules that cannot count one twice, and [`code`] is the code on the screen that they check in with.
//!
//! Floating point is at home here, as in the rate solver: abilities are estimates. Money never enters. The crate uses none of the house's other
//! crates, so that whoever doubts a figure can compute it again with this crate alone; time, keys and seeds are arguments.

pub mod adaptive;
pub mod attendance;
pub mod calibrate;
pub mod code;
pub mod dif;
pub mod fit;
pub mod irt;
pub mod link;
mod matrix;
pub mod power;
pub mod proportion;
mod regress;
pub mod signal;
pub mod uplift;
