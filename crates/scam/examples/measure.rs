//! tmp
use mingbai_scam::*;
use serde_json::Value;
use std::collections::BTreeMap;
fn wanted(t: &str) -> Vec<ScamType> {
    use ScamType::*;
    match t {
        "网购退款/冒充客服" => vec![FakeService, CreditScare],
        "非法贷款中介" => vec![LoanBroker, AbLoan],
        "网络刷单" => vec![BrushOrders],
        "征信修复" => vec![CreditRepair],
        "虚假贷款" => vec![FakeLoan],
        "养老投资/非法集资" => vec![PensionInvestment],
        "代理维权/代理退保" => vec![RightsAgent],
        "杀猪盘/虚假投资" => vec![FakeInvestment, Romance],
        "冒充公检法" => vec![FakePolice],
        "冒充领导熟人" => vec![FakeAcquaintance],
        "钓鱼短信(社保/医保/ETC)" => vec![Phishing],
        "网络游戏虚假交易" => vec![GameTrade],
        _ => vec![],
    }
}
fn main() {
    let path = std::env::args().nth(1).unwrap();
    let checker = Checker::shipped();
    let mut s = Scratch::default();
    let mut rows = vec![];
    for l in std::fs::read_to_string(path).unwrap().lines() {
        let v: Value = serde_json::from_str(l).unwrap();
        let a = checker.check(v["text"].as_str().unwrap(), &mut s).unwrap();
        rows.push((v, a));
    }
    let scam = |v: &Value| v["is_scam"].as_bool().unwrap_or(v["is_scam"].as_str() == Some("True"));
    let mut neg: Vec<f64> = rows.iter().filter(|(v, _)| !scam(v)).map(|(_, a)| a.score.log_odds).collect();
    let pos: Vec<f64> = rows.iter().filter(|(v, _)| scam(v)).map(|(_, a)| a.score.log_odds).collect();
    neg.sort_by(|a, b| b.total_cmp(a));
    let mut auc = 0.0;
    for p in &pos { for n in &neg { auc += if p > n { 1.0 } else if p == n { 0.5 } else { 0.0 }; } }
    println!("AUC {:.3} pos {} neg {}", auc / (pos.len() * neg.len()) as f64, pos.len(), neg.len());
    for t in [-2.5, -2.0, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0] {
        let r = pos.iter().filter(|x| **x >= t).count() as f64 / pos.len() as f64;
        let f = neg.iter().filter(|x| **x >= t).count() as f64 / neg.len() as f64;
        println!("t {t:5.1} recall {:.1} fpr {:.1}", r * 100.0, f * 100.0);
    }
    let comp = |f: &dyn Fn(&Answer) -> f64| {
        let p: Vec<f64> = rows.iter().filter(|(v, _)| scam(v)).map(|(_, a)| f(a)).collect();
        let n: Vec<f64> = rows.iter().filter(|(v, _)| !scam(v)).map(|(_, a)| f(a)).collect();
        let mut auc = 0.0;
        for p in &p { for n in &n { auc += if p > n { 1.0 } else if p == n { 0.5 } else { 0.0 }; } }
        auc / (p.len() * n.len()) as f64
    };
    let part = |a: &Answer, k: u8| -> f64 { a.evidence.iter().filter(|e| match e.source { evidence::Source::Entry(_) | evidence::Source::Together(_) => if e.weight > 0.0 { k == 0 } else { k == 1 }, evidence::Source::Characters => k == 2, evidence::Source::Sounds => k == 3, _ => false }).map(|e| e.weight).sum() };
    println!("AUC parts for {:.3} against {:.3} chars {:.3} sounds {:.3}", comp(&|a| part(a, 0)), comp(&|a| part(a, 1)), comp(&|a| part(a, 2)), comp(&|a| part(a, 3)));
    let (mut known, mut kfp) = (0, 0);
    let mut by: BTreeMap<String, [usize; 6]> = BTreeMap::new();
    let (mut top2, mut ntyped) = (0, 0);
    for (v, a) in &rows {
        let k = a.verdict.key();
        let key = if scam(v) { v["type"].as_str().unwrap().to_owned() } else { format!("- {}", v["kind"].as_str().unwrap()) };
        let e = by.entry(key).or_default();
        e[0] += 1;
        match k { "known-pattern" => e[1] += 1, "not-enough" => e[2] += 1, _ => e[3] += 1 }
        if k == "known-pattern" { if scam(v) { known += 1 } else { kfp += 1 } }
        let w = wanted(v["type"].as_str().unwrap());
        if scam(v) && !w.is_empty() {
            ntyped += 1;
            if verdict::ranked(&a.score).iter().take(2).any(|t| w.contains(t)) { top2 += 1; e[4] += 1 }
        }
        if !a.score.any { e[5] += 1 }
    }
    println!("verdict known: recall {:.1} fpr {:.1}; top2 {:.1}", 100.0 * known as f64 / pos.len() as f64, 100.0 * kfp as f64 / neg.len() as f64, 100.0 * top2 as f64 / ntyped as f64);
    println!("type: n known notenough norecord top2 nohit");
    for (k, e) in by { println!("{k}: {e:?}"); }
}
