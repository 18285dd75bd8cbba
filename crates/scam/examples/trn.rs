//! tmp
use mingbai_scam::model::*;
use serde_json::Value;
use std::collections::BTreeMap;
fn main() {
    let mut a = std::env::args().skip(1);
    let out = a.next().unwrap();
    let mut others = vec![];
    let w: f64 = a.next().map_or(0.1, |x| x.parse().unwrap());
    let mut c: BTreeMap<String, usize> = BTreeMap::new();
    if let Some(p) = a.next() {
        for l in std::fs::read_to_string(p).unwrap().lines() {
            let v: Value = serde_json::from_str(l).unwrap();
            let kind = v["fraud_type"].as_str().unwrap_or("");
            let class = match kind { "客服诈骗" => Class::Scam(mingbai_scam::ScamType::FakeService), "投资诈骗" => Class::Scam(mingbai_scam::ScamType::FakeInvestment), "钓鱼诈骗" => Class::Scam(mingbai_scam::ScamType::Phishing), k if k.contains("诈骗") || k == "身份盗窃" => Class::AnyScam, _ => Class::Daily };
            let join = |k: &str| v[k].as_array().map(|a| a.iter().filter_map(|x| x.as_str()).collect::<Vec<_>>().join("。")).unwrap_or_default();
            let side = std::env::var("SIDE").unwrap_or("left".into());
            if side == "both" { others.push(Sample { text: format!("{}。{}", join("left"), join("right")), class, weight: w }); }
            else { others.push(Sample { text: join(&side), class, weight: w }); }
            *c.entry(format!("{} {}", v["label"], v["fraud_type"])).or_default() += 1;
        }
    }
    println!("{c:?}");
    let t = train_shipped(&others);
    let _ = (&mut others, w);
    println!("{:?}", t.model.fusion());
    std::fs::write(out, t.model.to_bytes()).unwrap();
}
