//! A permit can be neither cloned nor read back from data.
use mingbai_core::borrow::gate::Permit;

fn copy(permit: &Permit) -> Permit {
    permit.clone()
}

fn read(json: &str) -> Permit {
    serde_json::from_str(json).unwrap()
}

fn main() {}
