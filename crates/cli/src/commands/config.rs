//! `mingbai config`: what is in force, and where each value came from.

use crate::args::ConfigArgs;
use crate::config::Settings;
use crate::fail::Fail;
use crate::screen::{Grid, Screen, Side};

/// Prints the settings.
pub fn run(args: &ConfigArgs, settings: &Settings, screen: &mut Screen) -> Result<(), Fail> {
    let rows = settings.shown();
    if args.json {
        let object: serde_json::Map<_, _> = rows
            .into_iter()
            .map(|(key, value, from)| (key.to_owned(), serde_json::json!({ "value": value, "from": from })))
            .collect();
        screen.line(serde_json::Value::Object(object).to_string());
        return Ok(());
    }
    let mut grid = Grid::new(&[Side::Left, Side::Left, Side::Left]);
    grid.row(["设置 setting", "生效的值 value", "来自 from"].map(str::to_owned).to_vec());
    for (key, value, from) in rows {
        grid.row(vec![key.to_owned(), value, from]);
    }
    grid.lines().iter().for_each(|line| screen.line(line));
    Ok(())
}
