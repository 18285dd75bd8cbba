//! Help, settings, errors and closed pipes.

use std::io::Read;
use std::process::Stdio;

use crate::run::{ended, folder, mingbai, program};

#[test]
fn help() {
    insta::assert_snapshot!("help", mingbai(&["--help"]).out);
    let commands = [
        "quote", "audit", "verify", "simulate", "demo", "serve", "fsck", "backup", "restore", "torture",
        "config",
    ];
    let mut each: Vec<String> = commands.iter().map(|c| mingbai(&[c, "--help"]).out).collect();
    for (command, action) in [
        ("account", "add"),
        ("account", "list"),
        ("account", "close"),
        ("key", "add"),
        ("privacy", "show"),
        ("privacy", "hold"),
        ("privacy", "release"),
        ("privacy", "forget"),
        ("complaints", "import"),
        ("complaints", "export"),
    ] {
        each.push(mingbai(&[command, action, "--help"]).out);
    }
    insta::assert_snapshot!("help_commands", each.join("\n================\n"));
}

#[test]
fn settings_say_where_they_came_from() {
    let folder = folder("settings");
    let file = folder.join("mingbai.toml");
    std::fs::write(&file, "listen = \"127.0.0.1:9000\"\nlog = \"warn\"\n").unwrap();
    let mut command = program();
    command.env("MINGBAI_LOG", "debug").env("MINGBAI_WEBHOOK_SECRET", "never to be shown anywhere");
    command.args(["config", "--lang", "en", "--config"]).arg(&file);
    let ran = ended(command.output().unwrap());
    insta::assert_snapshot!("config", ran.told().replace(&folder.display().to_string(), "DIR"));
}

#[test]
fn wrong_settings_are_explained() {
    let folder = folder("wrong_settings");
    let file = folder.join("mingbai.toml");
    let mut told = String::new();
    for (text, variable) in [
        ("listne = \"127.0.0.1:9000\"\n", None),
        ("listen = \"everywhere\"\n", None),
        ("", Some(("MINGBAI_LISTNE", "1.2.3.4:5"))),
        ("", Some(("MINGBAI_PUBLIC_URL", "ftp://x"))),
        ("webhook_url = \"core.example/hook\"\n", None),
        ("lender_phone = \"1\\n2\"\n", None),
    ] {
        std::fs::write(&file, text).unwrap();
        let mut command = program();
        command.envs(variable).args(["config", "--config"]).arg(&file);
        let ran = ended(command.output().unwrap());
        assert_eq!(ran.code, 2, "{}", ran.told());
        told.push_str(&ran.err.replace(&folder.display().to_string(), "DIR"));
    }
    insta::assert_snapshot!("wrong_settings", told);
}

#[test]
fn a_usage_error_is_code_2_and_a_missing_file_code_3() {
    assert_eq!(mingbai(&["fly"]).code, 2);
    assert_eq!(mingbai(&["verify", "no-such-file.zip"]).code, 3);
    assert_eq!(mingbai(&["verify", "Cargo.toml"]).code, 1);
}

#[test]
fn a_reader_that_hangs_up_is_no_error() {
    let mut command = program();
    command.args(["audit", "examples/audit/guaranteed.csv", "--map", "examples/audit/guaranteed.toml"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!((child.wait().unwrap().code(), err.as_str()), (Some(0), ""));
}
