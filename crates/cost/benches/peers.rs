//! The cost engine against the crates `rust_finprim` and `xirr`, in the same run, on one thread.
//!
//! `cargo bench -p mingbai-cost --features peers`; without the feature only `xirr` is the peer, because `rust_finprim` needs a
//! target folder that is called `target`. Criterion prints times; the table at the end prints loans per second from the fastest
//! sample of each, and the ratio to the fastest peer of the same group.
#![expect(clippy::unwrap_used, reason = "a benchmark stops at the first surprise")]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, measurement::WallTime};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use mingbai_cost::annual::dated_eu;
use mingbai_cost::batch::{BookColumns, BookCosts, LevelLoan, LevelTable, PeriodFees};
use mingbai_cost::solve::monthly_rate;
use mingbai_cost::terms::{
    Base, Collected, CompoundInterest, DayCount, DefaultTerms, EarlyRule, FeeItem, FeeNature, Method,
    OnEarlyRepayment, Party, PartyRole, PlanSpec, ProductRef, Residue, Rounding, Timing,
};
use mingbai_cost::{Fen, Flow, Terms, TermsSpec, Words, quote};

/// Loans in rotation, so that no branch is learnt by heart.
const LOANS: usize = 1_024;
const BOOK: usize = 64 * 1_024;
const MONTHS: [u32; 3] = [12, 24, 36];

/// Fastest seconds per loan by (group, name).
static FASTEST: Mutex<BTreeMap<(String, String), f64>> = Mutex::new(BTreeMap::new());

/// Measures `work`, which handles `loans` loans a call, and remembers the fastest sample.
fn measure(
    group: &mut BenchmarkGroup<'_, WallTime>,
    key: &str,
    name: &str,
    loans: usize,
    mut work: impl FnMut(),
) {
    group.throughput(Throughput::Elements(loans as u64));
    group.bench_function(name, |bencher| {
        bencher.iter_custom(|iterations| {
            let elapsed = timed(|| (0..iterations).for_each(|_| work()));
            let seconds = elapsed.as_secs_f64() / (iterations as f64 * loans as f64);
            let mut fastest = FASTEST.lock().unwrap();
            let slot = fastest.entry((key.to_owned(), name.to_owned())).or_insert(f64::INFINITY);
            *slot = slot.min(seconds);
            elapsed
        });
    });
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

/// (principal, rate ppm, up-front fee, fee a month), different for every loan.
fn figures(k: usize) -> (i64, i64, i64, i64) {
    let k = k as i64;
    let principal = 500_000 + k * 7_919 % 9_500_000;
    (principal, 40_000 + k * 1_297 % 200_000, principal * (k % 4) / 100, principal * (k % 9) / 1_000)
}

fn loans(n: u32) -> Vec<LevelLoan> {
    (0..LOANS)
        .map(|k| {
            let (principal, rate, upfront, month) = figures(k);
            LevelLoan::new(Fen::new(principal), rate, n, Fen::new(upfront), Fen::new(month)).unwrap()
        })
        .collect()
}

fn flows(n: u32) -> Vec<Vec<i64>> {
    loans(n)
        .iter()
        .enumerate()
        .map(|(k, loan)| {
            let (principal, _, upfront, month) = figures(k);
            let mut flows = vec![-loan.instalment(Rounding::HalfUp).get() - month; n as usize + 1];
            flows[0] = principal - upfront;
            flows
        })
        .collect()
}

fn single(criterion: &mut Criterion) {
    for n in MONTHS {
        let key = format!("single n={n}");
        let mut group = criterion.benchmark_group(&key);
        let flows = flows(n);
        measure(&mut group, &key, "mingbai, any flows", LOANS, || {
            for flows in &flows {
                black_box(monthly_rate(black_box(flows)).unwrap());
            }
        });
        let rows: Vec<_> = (0..LOANS).map(figures).collect();
        measure(&mut group, &key, "mingbai, level loan with its instalment", LOANS, || {
            for (principal, rate, upfront, month) in &rows {
                let loan =
                    LevelLoan::new(Fen::new(*principal), *rate, n, Fen::new(*upfront), Fen::new(*month));
                black_box(loan.unwrap().cost(Rounding::HalfUp));
            }
        });
        #[cfg(feature = "peers")]
        {
            let yuan = |flows: &Vec<i64>| flows.iter().map(|fen| *fen as f64 / -100.0).collect();
            let yuan: Vec<Vec<f64>> = flows.iter().map(yuan).collect();
            measure(&mut group, &key, "peer rust_finprim irr", LOANS, || {
                for flows in &yuan {
                    black_box(rust_finprim::rate::irr(black_box(flows), None, None, None).unwrap());
                }
            });
        }
        group.finish();
    }
}

/// A day number, for the peer's date trait.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Day(i32);

impl xirr::PaymentDate for Day {
    fn days_since(self, other: Self) -> i32 {
        self.0 - other.0
    }
}

/// Instalments on the 15th; the payout lies up to a month earlier, so that most first periods are odd.
fn dates(n: u32, k: usize) -> Vec<Date> {
    let payout = date(2026, 8, 15).checked_add((k as i64 % 31).days()).unwrap();
    let due = |month: i64| date(2026, 9, 15).checked_add(month.months()).unwrap();
    std::iter::once(payout).chain((0..i64::from(n)).map(due)).collect()
}

fn dated(criterion: &mut Criterion) {
    for n in MONTHS {
        let key = format!("dated n={n}");
        let mut group = criterion.benchmark_group(&key);
        let ours: Vec<Vec<Flow>> = flows(n)
            .iter()
            .enumerate()
            .map(|(k, flows)| {
                let dates = dates(n, k);
                (0_u32..)
                    .zip(flows.iter().zip(dates))
                    .map(|(period, (fen, on))| Flow { period, on, amount_fen: Fen::new(*fen) })
                    .collect()
            })
            .collect();
        measure(&mut group, &key, "mingbai, dates to rate", LOANS, || {
            for flows in &ours {
                black_box(dated_eu(black_box(flows), flows[0].on).unwrap());
            }
        });
        let day = |flow: &Flow| flow.on.since(date(2026, 1, 1)).unwrap().get_days();
        let yuan = |flow: &Flow| flow.amount_fen.get() as f64 / -100.0;
        let table: Vec<Vec<(f64, i32)>> =
            ours.iter().map(|flows| flows.iter().map(|flow| (yuan(flow), day(flow))).collect()).collect();
        #[cfg(feature = "peers")]
        measure(&mut group, &key, "peer rust_finprim xirr", LOANS, || {
            for flows in &table {
                black_box(rust_finprim::rate::xirr(black_box(flows), None, None, None).unwrap());
            }
        });
        let payments: Vec<Vec<xirr::Payment<Day>>> = table
            .iter()
            .map(|flows| {
                flows.iter().map(|(amount, day)| xirr::Payment { amount: *amount, date: Day(*day) }).collect()
            })
            .collect();
        measure(&mut group, &key, "peer xirr", LOANS, || {
            for flows in &payments {
                black_box(xirr::compute(black_box(flows)).unwrap());
            }
        });
        group.finish();
    }
}

fn batch(criterion: &mut Criterion) {
    for (name, months) in
        [("12", vec![12]), ("24", vec![24]), ("36", vec![36]), ("12 24 36 mixed", MONTHS.to_vec())]
    {
        let key = format!("batch n={name}");
        let mut group = criterion.benchmark_group(&key);
        let rows: Vec<_> = (0..BOOK).map(figures).collect();
        let column = |part: fn(&(i64, i64, i64, i64)) -> i64| rows.iter().map(part).collect::<Vec<i64>>();
        let (principal, rate) = (column(|row| row.0), column(|row| row.1));
        let (upfront, month) = (column(|row| row.2), column(|row| row.3));
        let periods: Vec<u32> = months.iter().copied().cycle().take(BOOK).collect();
        let mut costs = BookCosts::default();
        measure(&mut group, &key, "mingbai, columns checked, instalment and both rates", BOOK, || {
            let book =
                BookColumns::new(&principal, &rate, &periods, &upfront, PeriodFees::Fen(&month)).unwrap();
            book.cost_into(Rounding::HalfUp, &mut costs);
            black_box(&costs);
        });
        group.finish();
    }
}

fn spec(k: usize, n: u32) -> TermsSpec {
    let (principal, rate, upfront, month) = figures(k);
    let words = |zh: &str, en: &str| Words { zh: zh.to_owned(), en: en.to_owned() };
    let party = |role| Party { role, name: words("某公司", "a firm") };
    let fee = |key: &str, timing, fen| FeeItem {
        key: key.to_owned(),
        name: words("费用", "fee"),
        nature: FeeNature::Fee,
        payee: party(PartyRole::Guarantor),
        timing,
        base: Base::Fixed(Fen::new(fen)),
        collected: Collected::PaidApart,
        on_early_repayment: OnEarlyRepayment::NotRefundable,
        cap_fen: None,
    };
    TermsSpec {
        v: 1,
        product: ProductRef {
            id: "bench".to_owned(), version: "1".to_owned(), name: words("贷款", "loan")
        },
        lender: party(PartyRole::Bank),
        principal_fen: Fen::new(principal),
        payout_on: date(2026, 8, 15),
        plan: PlanSpec {
            method: Method::EqualInstalment,
            annual_rate_ppm: rate,
            periods: n,
            day_count: DayCount::PerPeriod,
            first_due_on: None,
            grace_periods: 0,
            interest_free_periods: 0,
            rounding: Rounding::HalfUp,
            residue: Residue::Last,
        },
        fees: vec![fee("service", Timing::AtPayout, upfront), fee("guarantee", Timing::EachPeriod, month)],
        default: DefaultTerms {
            overdue_rate_ppm: rate * 3 / 2,
            compound_on_interest: CompoundInterest::Charged,
            misuse_rate_ppm: rate * 2,
            grace_days: 0,
            late_fee_fen: Fen::ZERO,
        },
        early: EarlyRule::Free,
    }
}

fn table(criterion: &mut Criterion) {
    for n in MONTHS {
        let key = format!("table n={n}");
        let mut group = criterion.benchmark_group(&key);
        let terms: Vec<Terms> = (0..64).map(|k| Terms::new(spec(k, n)).unwrap()).collect();
        measure(
            &mut group,
            &key,
            "mingbai, quote (full table with words and early repayment)",
            terms.len(),
            || {
                for terms in &terms {
                    black_box(quote(black_box(terms)).unwrap());
                }
            },
        );
        let (loans, payout_on) = (loans(n), date(2026, 8, 15));
        let mut table = LevelTable::default();
        measure(
            &mut group,
            &key,
            "mingbai, lean table (dated rows, fees, totals, both rates)",
            LOANS,
            || {
                for loan in &loans {
                    loan.table_into(payout_on, Rounding::HalfUp, &mut table);
                    black_box(&table);
                }
            },
        );
        group.finish();
    }
}

fn print_table() {
    let fastest = FASTEST.lock().unwrap();
    println!("\n| group | what | loans/s | against the fastest peer |\n| --- | --- | ---: | ---: |");
    for ((group, name), seconds) in &*fastest {
        let peers = fastest.iter().filter(|((other, peer), _)| other == group && peer.starts_with("peer"));
        let peer = peers.map(|(_, seconds)| *seconds).fold(f64::INFINITY, f64::min);
        let ratio = if peer.is_finite() { format!("{:.1}×", peer / seconds) } else { "–".to_owned() };
        println!("| {group} | {name} | {:.3} M | {ratio} |", 1e-6 / seconds);
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1));
    targets = single, dated, batch, table
}

fn main() {
    benches();
    Criterion::default().configure_from_args().final_summary();
    print_table();
}
