//! tmp
use mingbai_scam::*;
fn main() {
    let c = Checker::shipped();
    let mut s = Scratch::default();
    println!("{:?}", c.lexicon());
    for t in std::env::args().skip(1) {
        let f = fold::Folded::of(&t);
        println!("{} | d{}", f.text(), f.disguises);
        let a = c.check(&t, &mut s).unwrap();
        println!("{:?} {:.2} {:?}", a.verdict, a.score.log_odds, a.score.reads_as);
        for e in &a.evidence {
            let n = match e.source { evidence::Source::Entry(i) => c.lexicon().entries()[i as usize].id.clone(), o => format!("{o:?}") };
            println!("  {n} {:?} {:.2} {}", &t[e.from..e.to], e.weight, e.covered);
        }
    }
}
