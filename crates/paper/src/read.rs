//! Reads the text back from a finished page, so that what was set can be compared with what was meant.

use typst::layout::{Frame, FrameItem};

/// All text of a frame, one line per run, header and footer included.
pub(crate) fn text(frame: &Frame) -> String {
    let mut out = String::new();
    walk(frame, &mut out);
    out
}

fn walk(frame: &Frame, out: &mut String) {
    let mut last_y = None;
    for (at, item) in frame.items() {
        match item {
            FrameItem::Group(group) => {
                if !out.is_empty() && !out.ends_with('\n') {
                    out.push('\n');
                }
                walk(&group.frame, out);
                last_y = None;
            }
            FrameItem::Text(run) => {
                if last_y.is_some_and(|y| y != at.y) && !out.ends_with('\n') {
                    out.push('\n');
                }
                last_y = Some(at.y);
                out.push_str(&run.text);
            }
            FrameItem::Shape(..) | FrameItem::Image(..) | FrameItem::Link(..) | FrameItem::Tag(_) => {}
        }
    }
}
