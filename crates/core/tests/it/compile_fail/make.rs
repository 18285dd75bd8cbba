//! A permit cannot be written down: its fields are private and it has no constructor.
use mingbai_core::borrow::gate::Permit;

fn main() {
    let _ = Permit { id: String::from("forged") };
}
