//! The PAdES container (ETSI EN 319 142-1): where a signature stands in a PDF. It knows nothing of keys or certificates: whoever
//! signs gets bytes and gives bytes back.

mod appearance;
mod boxes;
mod dss;
mod form;
mod prepare;

pub(crate) use appearance::is_strokes_only;
pub use appearance::{Handwriting, Point};
pub use boxes::{BoxAt, SignatureBox, boxes};
pub(crate) use boxes::{boxes_of, rect_of};
pub(crate) use dss::read_validation;
pub use dss::{Validation, add_validation, missing_validation};
pub use prepare::{Field, Prepared, contents_capacity_bytes, finish, prepare, prepare_time_stamp};

use crate::pdf::Fault;
use crate::words::SignError;

impl From<Fault> for SignError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Broken(broken) => SignError::Pdf { at: broken.at, why: broken.why },
            Fault::Unsupported(why) => SignError::Pdf { at: 0, why },
        }
    }
}
