//! 学 learn: use cases of campaigns. Who comes to an event needs no login; whoever plans, approves and counts has one.

mod campaign;

pub use campaign::{
    CampaignFigures, CampaignRow, CheckIn, Did, Effect, Face, HallCode, ListLine, ListOutcome, PlanWish,
    ResultLine, SessionFile, SessionWish,
};
