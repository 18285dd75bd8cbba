//! A journey's state cannot be set from outside: only records change it.
use mingbai_core::borrow::Journey;
use mingbai_core::borrow::state::Stage;

fn cheat(journey: &mut Journey) {
    journey.stage = Stage::PaidOut;
}

fn main() {}
