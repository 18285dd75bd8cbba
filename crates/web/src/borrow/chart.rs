//! The plan as a picture: one bar for each payment (or each year of a long loan), principal, interest and fees told apart by
//! pattern as well as by colour. The exact figures stand in the table below it.

use mingbai_desk::cost::Fen;
use mingbai_desk::cost::table::Instalment;

/// Width and height of the drawing, in its own units.
const SIZE: (f64, f64) = (640.0, 240.0);
/// Room for the axis and its labels.
const FOOT: f64 = 28.0;
/// Room above the highest bar.
const HEAD: f64 = 8.0;
/// More payments than this are shown by year.
const MOST_BARS: usize = 36;

/// One bar.
pub(super) struct Bar {
    /// Left edge.
    pub x: String,
    /// Width.
    pub width: String,
    /// The parts, from below: class, y, height.
    pub parts: Vec<(&'static str, String, String)>,
}

/// A finished chart.
pub(super) struct Chart {
    /// Bars in order.
    pub bars: Vec<Bar>,
    /// Labels under the axis: x and text.
    pub labels: Vec<(String, String)>,
    /// Number of bars.
    pub count: usize,
    /// The highest bar.
    pub most_fen: Fen,
    /// What one bar stands for.
    pub unit: Unit,
}

/// What one bar stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// One payment.
    Payment,
    /// The payments of one year.
    Year,
}

#[derive(Clone, Copy, Default)]
struct Sum {
    principal: i64,
    interest: i64,
    fees: i64,
}

impl Sum {
    fn of(rows: &[Instalment]) -> Sum {
        rows.iter().fold(Sum::default(), |sum, row| Sum {
            principal: sum.principal + row.principal_fen.get(),
            interest: sum.interest + row.interest_fen.get(),
            fees: sum.fees + row.fees_fen.get(),
        })
    }

    fn total(self) -> i64 {
        self.principal + self.interest + self.fees
    }
}

/// Draws the plan.
pub(super) fn draw(rows: &[Instalment]) -> Chart {
    let (unit, each) = if rows.len() > MOST_BARS { (Unit::Year, 12) } else { (Unit::Payment, 1) };
    let sums: Vec<Sum> = rows.chunks(each).map(Sum::of).collect();
    let most = sums.iter().map(|sum| sum.total()).max().unwrap_or(0);
    let slot = SIZE.0 / sums.len().max(1) as f64;
    let bars = sums.iter().enumerate().map(|(at, sum)| bar(at, *sum, most, slot)).collect();
    let every = sums.len().div_ceil(6).max(1);
    let label = |at: usize| (format!("{:.1}", (at as f64 + 0.5) * slot), (at + 1).to_string());
    let labels = (0..sums.len()).step_by(every).map(label).collect();
    Chart { bars, labels, count: sums.len(), most_fen: Fen::new(most), unit }
}

fn bar(at: usize, sum: Sum, most: i64, slot: f64) -> Bar {
    let room = SIZE.1 - FOOT - HEAD;
    let tall = |fen: i64| if most > 0 { fen.max(0) as f64 / most as f64 * room } else { 0.0 };
    let mut below = SIZE.1 - FOOT;
    let parts = [("p", sum.principal), ("i", sum.interest), ("f", sum.fees)];
    let parts = parts.into_iter().filter(|(_, fen)| *fen > 0).map(|(class, fen)| {
        below -= tall(fen);
        (class, format!("{below:.1}"), format!("{:.1}", tall(fen)))
    });
    Bar {
        x: format!("{:.1}", (at as f64 + 0.12) * slot),
        width: format!("{:.1}", slot * 0.76),
        parts: parts.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mingbai_desk::cost::Fen;

    fn rows(count: u32) -> Vec<Instalment> {
        let row = |n| Instalment {
            n,
            due_on: jiff::civil::date(2026, 1, 1),
            principal_fen: Fen::new(100),
            interest_fen: Fen::new(10),
            fees_fen: Fen::new(if n == 1 { -5 } else { 0 }),
            total_fen: Fen::new(110),
            balance_fen: Fen::ZERO,
        };
        (1..=count).map(row).collect()
    }

    #[test]
    fn a_long_loan_is_drawn_by_year_and_nothing_is_an_empty_chart() {
        assert_eq!((draw(&rows(36)).count, draw(&rows(36)).unit), (36, Unit::Payment));
        assert_eq!((draw(&rows(40)).count, draw(&rows(40)).unit), (4, Unit::Year));
        assert_eq!((draw(&[]).count, draw(&[]).most_fen), (0, Fen::ZERO));
        // A deposit that comes back must not be drawn as a bar below the floor.
        assert_eq!(draw(&rows(1)).bars.first().map(|bar| bar.parts.len()), Some(2));
    }
}
