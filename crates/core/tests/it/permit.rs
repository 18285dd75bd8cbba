//! A permit cannot be made, copied or used twice outside the gate: the compiler says so.

#[test]
fn a_permit_comes_from_the_gate_alone() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/it/compile_fail/*.rs");
}
