//! `mingbai demo`: the main job, shown on an empty folder.

use std::path::Path;

use crate::args::DemoArgs;
use crate::commands::{block_on, serve};
use crate::config::{From, Settings};
use crate::demo::folder::{DEFAULT, Earlier, Folder};
use crate::demo::{Afterwards, play};
use crate::fail::Fail;
use crate::screen::Screen;

/// Runs the command. The folder comes from the flag alone: a lender's data folder in the settings is not for playing in.
pub fn run(args: &DemoArgs, settings: &Settings, screen: &mut Screen) -> Result<(), Fail> {
    let path = args.server.dir.as_deref().unwrap_or(Path::new(DEFAULT));
    let earlier = if args.start_over { Earlier::Delete } else { Earlier::Keep };
    let afterwards = if args.once { Afterwards::Stop } else { Afterwards::Stay };
    let folder = Folder::prepare(path, earlier)?;
    // The story is what is to be read; the log only speaks up when something is wrong, unless it was asked for.
    let level = if settings.log.from == From::Default { "warn" } else { settings.log.value.as_str() };
    serve::start_log(level);
    block_on(play(&folder, settings.listen.value, afterwards, screen))
}
