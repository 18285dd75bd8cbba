//! The shipped weights are the ones that the shipped text gives, to the last bit.

use mingbai_scam::model::{Model, train_shipped};

#[test]
fn training_again_gives_the_shipped_weights() {
    let trained = train_shipped();
    assert!(
        trained.model.to_bytes() == Model::shipped_bytes(),
        "run `mingbai scam train --write crates/scam/model/weights.bin`"
    );
    for view in Model::shipped().views() {
        assert!(view.table_bytes() <= 1 << 20);
    }
}
