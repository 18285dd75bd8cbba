//! What a command writes to stdout: language, colour only on a terminal, and calm when the reader hangs up.

use std::io::{IsTerminal, Write};

use mingbai_cost::{Lang, Words};
use unicode_width::UnicodeWidthStr;

use crate::real::Colour;

/// How a piece of text is meant. Colour never carries the meaning alone: words do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// A heading.
    Strong,
    /// It holds.
    Good,
    /// It does not hold, or it costs the borrower.
    Bad,
    /// Beside the point.
    Quiet,
}

/// Standard output with a language.
pub struct Screen {
    lang: Lang,
    colour: bool,
    /// The reader is gone (`mingbai … | head`): stop writing, finish the work, exit in peace.
    closed: bool,
    out: Box<dyn Write>,
}

impl Screen {
    /// The real stdout.
    pub fn stdout(lang: Lang, colour: Colour) -> Self {
        let terminal = std::io::stdout().is_terminal();
        let colour = colour == Colour::WhenTerminal && terminal;
        Screen { lang, colour, closed: false, out: Box::new(std::io::stdout()) }
    }

    /// The language that was asked for.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// The text in the screen's language.
    pub fn pick<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// Words in the screen's language.
    pub fn words<'a>(&self, words: &'a Words) -> &'a str {
        words.get(self.lang)
    }

    /// Writes one line.
    pub fn line(&mut self, text: impl AsRef<str>) {
        self.raw(text.as_ref().as_bytes());
        self.raw(b"\n");
    }

    /// Writes one line in the language of the screen.
    pub fn say(&mut self, zh: &str, en: &str) {
        let text = self.pick(zh, en).to_owned();
        self.line(text);
    }

    /// Writes bytes.
    pub fn raw(&mut self, bytes: &[u8]) {
        if self.closed {
            return;
        }
        if self.out.write_all(bytes).and_then(|()| self.out.flush()).is_err() {
            self.closed = true;
        }
    }

    /// `text` in a tone, if this screen shows colour.
    pub fn toned(&self, tone: Tone, text: &str) -> String {
        let code = match tone {
            Tone::Strong => "1",
            Tone::Good => "32",
            Tone::Bad => "1;31",
            Tone::Quiet => "2",
        };
        if self.colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// Which side of a column the text keeps to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Words.
    Left,
    /// Figures.
    Right,
}

/// A plain table whose columns line up although a Chinese character is two cells wide.
pub struct Grid {
    sides: Vec<Side>,
    rows: Vec<Vec<String>>,
}

impl Grid {
    /// An empty table with these columns.
    pub fn new(sides: &[Side]) -> Self {
        Grid { sides: sides.to_vec(), rows: Vec::new() }
    }

    /// Adds a row; missing cells stay empty.
    pub fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// The table as lines, indented by two.
    pub fn lines(&self) -> Vec<String> {
        let cell = |row: &Vec<String>, i: usize| row.get(i).cloned().unwrap_or_default();
        let widths: Vec<usize> = (0..self.sides.len())
            .map(|i| self.rows.iter().map(|row| cell(row, i).width()).max().unwrap_or(0))
            .collect();
        let padded = |row: &Vec<String>| {
            let cells = self.sides.iter().zip(&widths).enumerate().map(|(i, (side, width))| {
                let text = cell(row, i);
                let gap = " ".repeat(width - text.width());
                if *side == Side::Left { text + &gap } else { gap + &text }
            });
            format!("  {}", cells.collect::<Vec<_>>().join("  ")).trim_end().to_owned()
        };
        self.rows.iter().map(padded).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_with_wide_characters() {
        let mut grid = Grid::new(&[Side::Left, Side::Right]);
        grid.row(vec!["利息".into(), "1.00".into()]);
        grid.row(vec!["fee".into(), "1,234.50".into()]);
        assert_eq!(grid.lines(), ["  利息      1.00", "  fee   1,234.50"]);
    }
}
