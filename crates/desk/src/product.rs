//! Product files: what a lender offers, as TOML, read strictly. A product turns a wish (principal, periods, day) into terms;
//! it knows no borrower. Its review is not in the file: it is evidence about the file's exact bytes.

mod error;

pub use error::ProductError;

use jiff::civil::Date;
use mingbai_cost::terms::{
    DayCount, DefaultTerms, EarlyRule, FeeItem, Method, Party, PlanSpec, ProductRef, Residue, Rounding,
};
use mingbai_cost::{Fen, Terms, TermsSpec, Words};
use mingbai_evidence::{Digest, StreamId};
use serde::Deserialize;

/// The most bytes a product file may have.
pub const FILE_LIMIT: usize = 64 * 1024;

/// A checked product. It can only be made by [`Product::parse`].
#[derive(Clone, Debug, PartialEq)]
pub struct Product {
    file: ProductFile,
    text: String,
    digest: Digest,
}

/// The file, as written. Unknown keys are refused.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProductFile {
    /// Format version, 1.
    pub v: u32,
    /// Stable id, `[a-z0-9-]{1,48}`.
    pub id: String,
    /// Version, `[a-z0-9._-]{1,48}`. A changed file needs a new one.
    pub version: String,
    /// Name that the borrower sees.
    pub name: Words,
    /// One sentence for the list of products.
    pub summary: Words,
    /// Who lends.
    pub lender: Party,
    /// Highest share of the income that instalments and other debts may take, ppm, 1 … 1,000,000.
    pub afford_limit_ppm: i64,
    /// How much.
    pub amount: AmountRule,
    /// How long.
    pub term: TermRule,
    /// How it is repaid.
    pub plan: PlanRule,
    /// Fee standard.
    #[serde(rename = "fee", default)]
    pub fees: Vec<FeeItem>,
    /// Costs in default.
    pub default: DefaultTerms,
    /// Early repayment.
    pub early: EarlyRule,
    /// SHA-256 of the script of its recording. The review that releases this file releases that script with it.
    #[serde(default)]
    pub script: Option<Digest>,
}

/// Bounds of the principal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AmountRule {
    /// Least principal.
    pub min_fen: Fen,
    /// Greatest principal.
    pub max_fen: Fen,
}

/// Numbers of periods (months) to choose from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TermRule {
    /// Ascending, 1 to 600 each.
    pub periods: Vec<u32>,
}

/// The repayment side.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanRule {
    /// Methods to choose from; the first is the usual one.
    pub methods: Vec<Method>,
    /// Nominal annual rate, ppm.
    pub annual_rate_ppm: i64,
    /// Day counting.
    pub day_count: DayCount,
    /// Periods at the start without principal.
    #[serde(default)]
    pub grace_periods: u32,
    /// Periods at the start without interest.
    #[serde(default)]
    pub interest_free_periods: u32,
    /// Rounding.
    pub rounding: Rounding,
    /// Where the residue goes.
    pub residue: Residue,
}

/// What a borrower wants of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Principal.
    pub principal_fen: Fen,
    /// Number of periods.
    pub periods: u32,
    /// Day of the payout.
    pub payout_on: Date,
    /// Which of the product's methods, counted from 0; `None` = the usual one.
    pub method: Option<usize>,
}

impl Product {
    /// Reads a product file and checks that every bound of it leads to valid terms.
    ///
    /// # Errors
    /// [`ProductError`] with line and column where there is one, and what would be right.
    pub fn parse(text: &str) -> Result<Product, ProductError> {
        if text.len() > FILE_LIMIT {
            return Err(ProductError::TooLarge { bytes: text.len() });
        }
        let file: ProductFile = toml::from_str(text).map_err(|e| ProductError::toml(text, &e))?;
        check(&file)?;
        let product = Product { digest: Digest::of(text.as_bytes()), text: text.to_owned(), file };
        product.try_corners()?;
        Ok(product)
    }

    /// Id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.file.id
    }

    /// Version.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.file.version
    }

    /// Everything that the file says.
    #[must_use]
    pub fn file(&self) -> &ProductFile {
        &self.file
    }

    /// The exact bytes that were parsed and that a review releases.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// SHA-256 of these bytes.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// The stream of its review, `product/<id>@<version>`.
    ///
    /// # Errors
    /// [`ProductError::Identifier`]; a parsed product never causes it.
    pub fn stream(&self) -> Result<StreamId, ProductError> {
        stream_of(&self.file.id, &self.file.version)
    }

    /// Terms for a wish, by the usual method.
    ///
    /// # Errors
    /// As [`Product::terms_for`].
    pub fn terms(&self, principal_fen: Fen, periods: u32, payout_on: Date) -> Result<Terms, ProductError> {
        self.terms_for(Ask { principal_fen, periods, payout_on, method: None })
    }

    /// Terms for a wish.
    ///
    /// # Errors
    /// [`ProductError`] when the wish is outside the product's bounds or the terms break a rule of the cost engine.
    pub fn terms_for(&self, ask: Ask) -> Result<Terms, ProductError> {
        let AmountRule { min_fen, max_fen } = self.file.amount;
        if !(min_fen..=max_fen).contains(&ask.principal_fen) {
            return Err(ProductError::Amount { found: ask.principal_fen, min: min_fen, max: max_fen });
        }
        if !self.file.term.periods.contains(&ask.periods) {
            let allowed = self.file.term.periods.clone();
            return Err(ProductError::Periods { found: ask.periods, allowed });
        }
        let count = self.file.plan.methods.len();
        let at = ask.method.unwrap_or(0);
        let method = self.file.plan.methods.get(at).ok_or(ProductError::Method { found: at, count })?;
        Ok(Terms::new(self.spec(ask, method.clone()))?)
    }

    fn spec(&self, ask: Ask, method: Method) -> TermsSpec {
        let ProductFile { id, version, name, lender, plan, fees, default, early, .. } = &self.file;
        TermsSpec {
            v: 1,
            product: ProductRef { id: id.clone(), version: version.clone(), name: name.clone() },
            lender: lender.clone(),
            principal_fen: ask.principal_fen,
            payout_on: ask.payout_on,
            plan: PlanSpec {
                method,
                annual_rate_ppm: plan.annual_rate_ppm,
                periods: ask.periods,
                day_count: plan.day_count,
                first_due_on: None,
                grace_periods: plan.grace_periods,
                interest_free_periods: plan.interest_free_periods,
                rounding: plan.rounding,
                residue: plan.residue,
            },
            fees: fees.clone(),
            default: default.clone(),
            early: *early,
        }
    }

    /// A product whose corners fail would fail later, in front of a borrower.
    fn try_corners(&self) -> Result<(), ProductError> {
        let AmountRule { min_fen, max_fen } = self.file.amount;
        let payout_on = jiff::civil::date(2026, 8, 31);
        for method in 0..self.file.plan.methods.len() {
            for principal_fen in [min_fen, max_fen] {
                for periods in self.file.term.periods.iter().copied() {
                    self.terms_for(Ask { principal_fen, periods, payout_on, method: Some(method) })?;
                }
            }
        }
        Ok(())
    }
}

/// The stream of a product version's review.
///
/// # Errors
/// [`ProductError::Identifier`] when id or version have other characters than a file may use.
pub fn stream_of(id: &str, version: &str) -> Result<StreamId, ProductError> {
    let bad = || ProductError::Identifier { field: "id / version", found: clip(&format!("{id}@{version}")) };
    StreamId::new(&format!("product/{id}@{version}")).map_err(|_| bad())
}

fn clip(text: &str) -> String {
    text.chars().take(100).collect()
}

fn check(file: &ProductFile) -> Result<(), ProductError> {
    if file.v != 1 {
        return Err(ProductError::Version { found: file.v });
    }
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    identifier("id", &file.id, plain)?;
    identifier("version", &file.version, |c| plain(c) || c == '.' || c == '_')?;
    for (field, words) in [("name", &file.name), ("summary", &file.summary)] {
        let fits = |text: &str| !text.trim().is_empty() && text.chars().count() <= 200;
        if !fits(&words.zh) || !fits(&words.en) {
            return Err(ProductError::Text { field });
        }
    }
    if !(1..=1_000_000).contains(&file.afford_limit_ppm) {
        return Err(ProductError::AffordLimit { found: file.afford_limit_ppm });
    }
    let AmountRule { min_fen, max_fen } = file.amount;
    if min_fen > max_fen || min_fen <= Fen::ZERO {
        return Err(ProductError::AmountBounds { min: min_fen, max: max_fen });
    }
    let periods = &file.term.periods;
    let ascending = periods.windows(2).all(|pair| matches!(pair, [a, b] if a < b));
    if periods.is_empty() || periods.len() > 60 || !ascending {
        return Err(ProductError::PeriodsList);
    }
    let methods = &file.plan.methods;
    if methods.is_empty() || methods.len() > 8 {
        return Err(ProductError::Methods { found: methods.len() });
    }
    if methods.iter().any(|method| matches!(method, Method::Custom { .. })) {
        return Err(ProductError::CustomMethod);
    }
    Ok(())
}

fn identifier(field: &'static str, text: &str, allowed: impl Fn(char) -> bool) -> Result<(), ProductError> {
    if (1..=48).contains(&text.len()) && text.chars().all(allowed) {
        Ok(())
    } else {
        Err(ProductError::Identifier { field, found: clip(text) })
    }
}

#[cfg(test)]
mod tests;
