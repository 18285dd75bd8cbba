//! `mingbai torture`: kill the program and let its disk fail, again and again, and see whether it loses what it acknowledged.

use crate::args::{DirArgs, TortureArgs};
use crate::commands::block_on;
use crate::fail::Fail;
use crate::screen::Screen;
use crate::{real, torture};

/// Runs the command.
pub fn run(args: &TortureArgs, screen: &mut Screen) -> Result<(), Fail> {
    let seed = args.seed.unwrap_or_else(|| {
        let mut bytes = [0; 4];
        real::throw(&mut bytes);
        u64::from(u32::from_be_bytes(bytes))
    });
    block_on(torture::run(args.minutes, seed, &args.dir, screen))
}

/// The process that is killed.
pub fn write(args: &DirArgs) -> Result<(), Fail> {
    let Some(dir) = &args.dir else { return Ok(()) };
    block_on(torture::write(dir))
}
