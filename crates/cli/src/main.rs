//! The `mingbai` program: parse, then resolve, then run one command, then say how it ended.
//!
//! This crate holds the only real clock, dice and environment of the house ([`real`]) and no rule of its own:
//! every figure it prints was computed below.

mod args;
mod audit;
mod commands;
mod config;
mod database;
mod demo;
mod draft;
mod examples;
mod fail;
mod films;
mod house;
mod ocr;
mod pens;
mod real;
mod screen;
mod show;
mod storage;
mod torture;
mod tsa;
mod witness;
mod witnesses;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Cli, Command};
use crate::commands as run;
use crate::config::Settings;
use crate::fail::Fail;
use crate::screen::Screen;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let environment = real::Environment::read();
    let mut screen = Screen::stdout(cli.common.lang_or(&environment), environment.colour());
    match settled(cli, &environment, &mut screen) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fail) => {
            fail.print(screen.lang());
            ExitCode::from(fail.code())
        }
    }
}

/// Resolves the settings and hands over to the one command that was asked for.
fn settled(cli: Cli, environment: &real::Environment, screen: &mut Screen) -> Result<(), Fail> {
    let settings = Settings::resolve(&cli, environment)?;
    match cli.command {
        Command::Quote(args) => run::quote::run(&args, screen),
        Command::Audit(args) => run::audit::run(&args, screen),
        Command::Verify(args) => run::verify::run(&args, screen),
        Command::Simulate(args) => run::simulate::run(&args, screen),
        Command::Demo(args) => run::demo::run(&args, &settings, screen),
        Command::Serve(_) => run::serve::run(&settings, screen),
        Command::Account(args) => run::account::run(&args.action, &settings, screen),
        Command::Key(args) => run::key::run(&args.action, &settings, screen),
        Command::Fsck(_) => run::fsck::run(&settings, screen),
        Command::Backup(args) => run::backup::run(&args, &settings, screen),
        Command::Restore(args) => run::restore::run(&args, &settings, screen),
        Command::Torture(args) => run::torture::run(&args, screen),
        Command::TortureWriter(args) => run::torture::write(&args),
        Command::Ca(args) => run::ca::run(&args.action, &settings, screen),
        Command::RenewSignatures(args) => run::renew_signatures::run(&args, &settings, screen),
        Command::Witness(args) => run::witness::run(&args, screen),
        Command::Privacy(args) => run::privacy::run(&args.action, &settings, screen),
        Command::Complaints(args) => run::complaints::run(&args.action, &settings, screen),
        Command::LintPaper(args) => run::lint_paper::run(&args, &settings, screen),
        Command::Lint(args) => run::lint::run(&args, screen),
        Command::Scam(args) => run::scam::run(&args.action, screen),
        Command::Rings(args) => run::rings::run(&args.action, &settings, screen),
        Command::Config(args) => run::config::run(&args, &settings, screen),
    }
}
